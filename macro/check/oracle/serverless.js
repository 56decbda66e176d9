"use strict";
// Packages services with osls, the maintained fork of the Serverless Framework,
// offline, and leaves their templates in the folder that the argument names.
const { execFileSync } = require("child_process");
const fs = require("fs");
const path = require("path");

const provider = { name: "aws", runtime: "nodejs22.x", region: "us-east-1" };
const handler = "index.handler";

const services = {
  rest: {
    provider,
    functions: {
      users: { handler, events: [{ http: "GET /users" }, { http: { method: "any", path: "users/{id}" } }] },
      files: { handler, provisionedConcurrency: 1, events: [{ http: { method: "post", path: "files/{proxy+}" } }] },
      orders: { handler, events: [{ http: { method: "get", path: "orders", authorizer: { name: "check", type: "request" } } }] },
      check: { handler },
    },
  },
  "rest-imported": {
    provider: { ...provider, apiGateway: { restApiId: "abcdef1234", restApiRootResourceId: "root" } },
    functions: {
      users: { handler, events: [{ http: "GET /users" }] },
    },
  },
  http: {
    provider: { ...provider, httpApi: { authorizers: { check: { type: "request", functionName: "check" } } } },
    functions: {
      users: { handler, events: [{ httpApi: "GET /users" }, { httpApi: { method: "*", path: "/users/{id}" } }] },
      orders: { handler, events: [{ httpApi: { method: "post", path: "/orders", authorizer: { name: "check" } } }] },
      rest: { handler, events: [{ httpApi: "*" }] },
      check: { handler },
    },
  },
  websocket: {
    provider,
    functions: {
      connect: { handler, events: [{ websocket: { route: "$connect", authorizer: { name: "check" } } }, { websocket: "$disconnect" }] },
      say: { handler, events: [{ websocket: "say" }, { websocket: "$default" }] },
      check: { handler },
    },
  },
};

const program = require.resolve("osls/bin/serverless.js");
for (const [name, service] of Object.entries(services)) {
  const folder = path.join(process.argv[2], name);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "index.js"), "exports.handler = async () => ({ statusCode: 200 });\n");
  fs.writeFileSync(path.join(folder, "serverless.json"), JSON.stringify({ service: name, ...service }));
  execFileSync(process.execPath, [program, "package"], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  fs.renameSync(path.join(folder, ".serverless", "cloudformation-template-update-stack.json"),
    path.join(process.argv[2], `${name}.template.json`));
}

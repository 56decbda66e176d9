"use strict";
// Synthesises CDK stacks with the ways in which an API comes to a function, into
// the folder that the argument names: <stack>.template.json each.
const { App, Stack } = require("aws-cdk-lib");
const rest = require("aws-cdk-lib/aws-apigateway");
const v2 = require("aws-cdk-lib/aws-apigatewayv2");
const authorizers = require("aws-cdk-lib/aws-apigatewayv2-authorizers");
const integrations = require("aws-cdk-lib/aws-apigatewayv2-integrations");
const iam = require("aws-cdk-lib/aws-iam");
const lambda = require("aws-cdk-lib/aws-lambda");

const env = { account: "123456789012", region: "us-east-1" };
const app = new App({ outdir: process.argv[2], analyticsReporting: false, treeMetadata: false });

function stack(name, build) {
  const s = new Stack(app, name, { env });
  build(s, (id) => new lambda.Function(s, id, {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: "index.handler",
    code: lambda.Code.fromInline("exports.handler = async () => ({ statusCode: 200 })"),
  }));
}

stack("rest", (s, fn) => {
  const users = fn("Users");
  const api = new rest.RestApi(s, "Api");
  api.root.addMethod("GET", new rest.LambdaIntegration(users));
  const user = api.root.addResource("users").addResource("{id}");
  user.addMethod("GET", new rest.LambdaIntegration(users));
  user.addMethod("DELETE", new rest.LambdaIntegration(users, { allowTestInvoke: false }));
  user.addResource("files").addProxy({ defaultIntegration: new rest.LambdaIntegration(fn("Files")) });
  new rest.LambdaRestApi(s, "Whole", { handler: fn("Whole1") });
});

stack("rest-qualified", (s, fn) => {
  const users = fn("Users");
  const alias = new lambda.Alias(s, "Live", { aliasName: "live", version: users.currentVersion });
  const api = new rest.RestApi(s, "Api");
  api.root.addResource("alias").addMethod("GET", new rest.LambdaIntegration(alias));
  api.root.addResource("version").addMethod("GET", new rest.LambdaIntegration(users.currentVersion));
  api.root.addResource("latest").addMethod("GET", new rest.LambdaIntegration(users));
});

stack("rest-wide", (s, fn) => {
  const users = fn("Users");
  const api = new rest.RestApi(s, "Api");
  for (const part of ["a", "b"]) {
    api.root.addResource(part).addMethod("ANY", new rest.LambdaIntegration(users, { scopePermissionToMethod: false }));
  }
});

stack("rest-stages", (s, fn) => {
  const api = new rest.RestApi(s, "Api", { deploy: false });
  api.root.addResource("users").addMethod("POST", new rest.LambdaIntegration(fn("Users")));
  const deployment = new rest.Deployment(s, "Deployment", { api });
  for (const stageName of ["test", "live"]) {
    new rest.Stage(s, stageName, { deployment, stageName });
  }
});

stack("rest-imported", (s) => {
  const own = lambda.Function.fromFunctionArn(s, "Own", `arn:aws:lambda:${env.region}:${env.account}:function:imported`);
  const api = new rest.RestApi(s, "Api");
  api.root.addResource("users").addMethod("GET", new rest.LambdaIntegration(own));
});

stack("rest-imported-api", (s, fn) => {
  const api = rest.RestApi.fromRestApiAttributes(s, "Api", { restApiId: "abcdef1234", rootResourceId: "root" });
  api.root.addResource("users").addMethod("GET", new rest.LambdaIntegration(fn("Users")));
});

stack("rest-authorizers", (s, fn) => {
  const users = fn("Users");
  const token = new rest.TokenAuthorizer(s, "Token", { handler: fn("Check") });
  const request = new rest.RequestAuthorizer(s, "Request", {
    handler: fn("Look"),
    identitySources: [rest.IdentitySource.header("Authorization")],
  });
  const api = new rest.RestApi(s, "Api");
  api.root.addResource("token").addMethod("GET", new rest.LambdaIntegration(users), { authorizer: token });
  api.root.addResource("request").addMethod("GET", new rest.LambdaIntegration(users), { authorizer: request });
});

stack("rest-credentials", (s, fn) => {
  const role = new iam.Role(s, "Role", { assumedBy: new iam.ServicePrincipal("apigateway.amazonaws.com") });
  const api = new rest.RestApi(s, "Api");
  api.root.addResource("role").addMethod("GET", new rest.LambdaIntegration(fn("ByRole"), { credentialsRole: role }));
  api.root.addResource("caller").addMethod("GET", new rest.LambdaIntegration(fn("ByCaller"), { credentialsPassthrough: true }),
    { authorizationType: rest.AuthorizationType.IAM });
});

stack("http", (s, fn) => {
  const books = fn("Books");
  const api = new v2.HttpApi(s, "Api", { defaultIntegration: new integrations.HttpLambdaIntegration("Fallback", fn("Rest")) });
  const authorizer = new authorizers.HttpLambdaAuthorizer("Authorizer", fn("Check"));
  api.addRoutes({ path: "/books/{id}", methods: [v2.HttpMethod.GET, v2.HttpMethod.PUT],
    integration: new integrations.HttpLambdaIntegration("Book", books), authorizer });
  api.addRoutes({ path: "/books", methods: [v2.HttpMethod.ANY], integration: new integrations.HttpLambdaIntegration("All", books) });
  api.addRoutes({ path: "/", methods: [v2.HttpMethod.GET], integration: new integrations.HttpLambdaIntegration("Root", books) });
});

stack("http-qualified", (s, fn) => {
  const alias = new lambda.Alias(s, "Live", { aliasName: "live", version: fn("Books").currentVersion });
  const api = new v2.HttpApi(s, "Api", { createDefaultStage: false });
  api.addRoutes({ path: "/books/{proxy+}", methods: [v2.HttpMethod.POST],
    integration: new integrations.HttpLambdaIntegration("Book", alias, { scopePermissionToRoute: false }) });
  new v2.HttpStage(s, "Stage", { httpApi: api, stageName: "live", autoDeploy: true });
});

// CDK has no construct for quick create; who writes it adds the permission too.
stack("http-quick", (s, fn) => {
  const books = fn("Books");
  const api = new v2.CfnApi(s, "Api", { name: "quick", protocolType: "HTTP", target: books.functionArn });
  books.addPermission("Invoke", {
    principal: new iam.ServicePrincipal("apigateway.amazonaws.com"),
    sourceArn: s.formatArn({ service: "execute-api", resource: api.ref, resourceName: "*/$default" }),
  });
});

stack("websocket", (s, fn) => {
  const route = (id) => ({ integration: new integrations.WebSocketLambdaIntegration(id + "Integration", fn(id)) });
  const api = new v2.WebSocketApi(s, "Api", {
    connectRouteOptions: { ...route("Connect"), authorizer: new authorizers.WebSocketLambdaAuthorizer("Authorizer", fn("Check")) },
    disconnectRouteOptions: route("Disconnect"),
    defaultRouteOptions: route("Default"),
  });
  api.addRoute("say", route("Say"));
  new v2.WebSocketStage(s, "Stage", { webSocketApi: api, stageName: "live", autoDeploy: true });
});

app.synth();

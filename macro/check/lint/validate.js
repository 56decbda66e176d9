"use strict";
// Runs @aws/cloudformation-validate over every template of a folder and writes
// a line of JSON for each: its name and its findings, warnings and errors.
const fs = require("fs");
const path = require("path");
const { CelEngine, TemplateFile } = require("@aws/cloudformation-validate");

const folder = process.argv[2];
const engine = new CelEngine();
for (const file of fs.readdirSync(folder).sort()) {
  const template = new TemplateFile(path.join(folder, file));
  let findings;
  try {
    findings = engine.validateStandard(template, { severityLevel: "WARN" }).diagnostics.map((d) => ({
      rule: d.ruleId,
      where: d.entity?.entityType === "Resource" ? d.entity.logicalId : "",
      path: d.propertyPath ?? "",
      message: d.message,
    }));
  } catch (error) {
    findings = [{ rule: "crash", where: "", path: "", message: String(error).split("\n")[0] }];
  }
  console.log(JSON.stringify({ file, findings }));
}
engine.free();

// A CDK app with one stack: the template at hand, through CfnInclude, and the
// macro by addTransform. The context names both and the transforms.
const cdk = require('aws-cdk-lib');
const { CfnInclude } = require('aws-cdk-lib/cloudformation-include');

const app = new cdk.App();
const stack = new cdk.Stack(app, app.node.getContext('stack'), { env: { account: '123456789012', region: 'us-east-1' } });
new CfnInclude(stack, 'Template', { templateFile: app.node.getContext('template') });
for (const name of app.node.getContext('transforms').split(',')) {
  stack.addTransform(name);
}

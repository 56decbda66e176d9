package service

import "github.com/grantinvoke/grantinvoke/macro/internal/invoke"

// silent are principals that authors write permissions for although they call with a role,
// or as the function itself, or not at all
// (https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html).
var silent = []invoke.Silent{
	{Principal: "cloudformation.amazonaws.com", Because: "macros and custom resources are called with the identity of who deploys"},
	{Principal: "cloudwatch.amazonaws.com", Because: "alarms call as lambda.alarms.cloudwatch.amazonaws.com"},
	{Principal: "dynamodb.amazonaws.com", Because: "Lambda reads the stream with the function's role"},
	{Principal: "edgelambda.amazonaws.com", Because: "functions at the edge are copied, for which the role's trust policy counts"},
	{Principal: "elasticache.amazonaws.com", Because: "ElastiCache calls no function"},
	{Principal: "firehose.amazonaws.com", Because: "a delivery stream calls with its role"},
	{Principal: "kinesis.amazonaws.com", Because: "Lambda reads the stream with the function's role"},
	{Principal: "lambda.amazonaws.com", Because: "Lambda needs no permission for itself"},
	{Principal: "lex.amazonaws.com", Because: "Lex V2 calls as lexv2.amazonaws.com"},
	{Principal: "pipes.amazonaws.com", Because: "a pipe calls with its role"},
	{Principal: "scheduler.amazonaws.com", Because: "a schedule calls with its role"},
	{Principal: "sqs.amazonaws.com", Because: "Lambda reads the queue with the function's role"},
	{Principal: "states.amazonaws.com", Because: "a state machine calls with its role"},
}

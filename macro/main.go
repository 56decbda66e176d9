// Command bootstrap is the macro's Lambda function.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/grantinvoke/grantinvoke/macro/internal/transform"
)

func main() {
	lambda.Start(transform.FromEnvironment(os.Getenv, os.Stderr))
}

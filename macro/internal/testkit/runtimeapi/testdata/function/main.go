// Command function is a Lambda that does what its event says; the tests of
// package runtimeapi build it and run it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type handler struct{}

func (handler) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	var e struct {
		Do   string
		Size int
	}
	if err := json.Unmarshal(event, &e); err != nil {
		return nil, err
	}
	switch e.Do {
	case "echo":
		return event, nil
	case "log":
		fmt.Println("to stdout")
		fmt.Fprintln(os.Stderr, "to stderr")
	case "fail":
		return nil, errors.New("no such thing")
	case "panic":
		panic("out of cheese")
	case "exit":
		os.Exit(3)
	case "sleep":
		<-ctx.Done()
		time.Sleep(time.Minute)
	case "big":
		return []byte(`"` + strings.Repeat("x", e.Size-2) + `"`), nil
	case "context":
		lc, _ := lambdacontext.FromContext(ctx)
		deadline, _ := ctx.Deadline()
		return json.Marshal(map[string]any{
			"id":   lc.AwsRequestID,
			"arn":  lc.InvokedFunctionArn,
			"left": time.Until(deadline).Seconds(),
			"env":  os.Environ(),
		})
	}
	return []byte("null"), nil
}

func main() { lambda.Start(handler{}) }

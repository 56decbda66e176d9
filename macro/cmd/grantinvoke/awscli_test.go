package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
)

// awsCLI stands for the AWS CLI in the scripts: the few commands that a plan
// has, with the same arguments, answers and exit statuses. The step "audit" of
// make check runs plans with the real one.
func awsCLI() {
	if err := runAWS(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "\naws: "+err.Error())
		os.Exit(254)
	}
}

func runAWS(args []string) error {
	flags := map[string]string{}
	var words []string
	for i := 0; i < len(args); i++ {
		if name, ok := strings.CutPrefix(args[i], "--"); ok && i+1 < len(args) {
			i++
			flags[name] = args[i]
			continue
		}
		words = append(words, args[i])
	}
	path := "/2015-03-31/functions/" + flags["function-name"] + "/policy"
	query := url.Values{}
	if q := flags["qualifier"]; q != "" {
		query.Set("Qualifier", q)
	}
	switch strings.Join(words, " ") {
	case "sts get-caller-identity":
		_, err := fmt.Println("111122223333")
		return err
	case "lambda get-policy":
		answer, err := askAWS("GET", path, query, nil)
		if err == nil {
			fmt.Println(answer[flags["query"]])
		}
		return err
	case "lambda remove-permission":
		if r := flags["revision-id"]; r != "" {
			query.Set("RevisionId", r)
		}
		_, err := askAWS("DELETE", path+"/"+flags["statement-id"], query, nil)
		return err
	case "lambda add-permission":
		body := map[string]string{}
		for flag, name := range map[string]string{"statement-id": "StatementId", "action": "Action", "principal": "Principal", "source-arn": "SourceArn", "source-account": "SourceAccount", "revision-id": "RevisionId"} {
			if flags[flag] != "" {
				body[name] = flags[flag]
			}
		}
		answer, err := askAWS("POST", path, query, body)
		if err == nil {
			fmt.Println(answer["Statement"])
		}
		return err
	}
	return fmt.Errorf("no command %q", words)
}

func askAWS(method, path string, query url.Values, body any) (map[string]string, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	q, err := http.NewRequest(method, os.Getenv("AWS_ENDPOINT_URL")+path+"?"+query.Encode(), bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	data, err = io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	answer := map[string]string{}
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, err
	}
	if r.StatusCode >= 400 {
		return nil, fmt.Errorf("[ERROR]: An error occurred (%s) when calling the operation: %s", r.Header.Get("X-Amzn-ErrorType"), answer["message"])
	}
	return answer, nil
}

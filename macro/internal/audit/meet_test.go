package audit

import "testing"

// A parameter of a path is one segment, {proxy+} any number, and a statement's
// star whatever it has to be.
func TestMeets(t *testing.T) {
	const arn = "arn:aws:execute-api:eu-west-1:111122223333:api/"
	tests := []struct {
		source, route string
		want          bool
	}{
		{"*/GET/pets", "prod/GET/pets", true},
		{"*/GET/pets", "prod/GET/pets/{id}", false},
		{"*/GET/pets/123", "prod/GET/pets/{id}", true},
		{"*/GET/pets/1/2", "prod/GET/pets/{id}", false},
		{"*/GET/pets/1/2", "prod/GET/pets/{rest+}", true},
		{"*/GET/pets/{id}", "prod/GET/pets/{id}", true},
		{"*/GET/pets/?", "prod/GET/pets/{id}", true},
		{"*/GET/pets/", "prod/GET/pets/{id}", false},
		{"*/GET/pets/x*", "prod/GET/pets/{id}/toys", true},
		{"*/GET/*/toys", "prod/GET/pets/{id}", true},
		{"*/GET/*/toys/x", "prod/GET/pets/{id}", false},
		{"*", "prod/GET/pets/{id}", true},
		{"dev/*", "prod/GET/pets", false},
		{"*/POST/*", "prod/GET/pets", false},
	}
	for _, tt := range tests {
		if got := meets(arn+tt.source, arn+tt.route); got != tt.want {
			t.Errorf("%s meets %s: %v", tt.source, tt.route, got)
		}
	}
	if meets("arn:aws:execute-api:us-east-1:111122223333:api/*", arn+"prod/GET/") || !meets("arn:aws:execute-api:*:*:api/*", arn+"prod/GET/") {
		t.Error("the parts before the API are compared too")
	}
}

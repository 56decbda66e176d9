package service

import (
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
)

// s3 is S3, whose buckets notify functions. The permission is tried whenever the bucket's
// notifications are written. A bucket's ARN has no account: when a bucket is deleted,
// another account can take its name
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-enable-disable-notification-intro.html).
var s3 = invoke.Service{
	Name: "s3", Title: "Amazon S3", Word: "S3", Principal: "s3.amazonaws.com",
	Kinds: []invoke.Kind{{
		Name:   "s3-bucket",
		Doc:    "NotificationConfiguration.LambdaConfigurations[].Function of an AWS::S3::Bucket",
		Types:  []string{"AWS::S3::Bucket"},
		Find:   findBucket,
		Before: true,
	}, eventKind("s3", samBucket, "S3"), connectorKind("s3", "AWS::S3::Bucket", attribute("Arn"))},
	Spells: map[string]invoke.Spells{"AWS::S3::Bucket": spellBucket},
	Advice: invoke.Advice{
		Without: invoke.Trouble{
			Text:  "S3: an object is uploaded and the function isn't called",
			Means: "A bucket isn't made, nor changed, where S3 may not call a function of its notifications (s3-destination). A permission that is taken away later is told by nobody: S3 tries again for a while and drops the event.",
			See:   "`aws s3api get-bucket-notification-configuration --bucket BUCKET`, and the function's metric Invocations; notifications to EventBridge need no permission of the function.",
			Do:    []string{"name the macro: it adds the permission, with SourceAccount, and lets the bucket wait for it"},
		},
	},
}

// samBucket is the samSource of an S3 event: its bucket. SAM permits any of the account,
// since a bucket waits for the permission.
func samBucket(s *invoke.Finder, e invoke.Event) []invoke.Permitted {
	id := referred(e, "Bucket")
	return []invoke.Permitted{{Origin: s.OriginWithID(id), Label: "bucket " + id, ARN: invoke.SourceARN{Presented: template.AttOf(id, "Arn")}, Events: eventsIn(e.Properties.Get("Events"))}}
}

func findBucket(s *invoke.Finder, r template.Resource) {
	for _, source := range bucketSources(s, r) {
		for inner, configuration := range at(r.Properties(), "NotificationConfiguration.LambdaConfigurations[]") {
			if when, ok := source.when.And(inner); ok && configuration.Get("Function").Exists() {
				s.Wire(invoke.Wire{Resource: r, Function: configuration.Get("Function"), When: when, Always: true, Label: "bucket " + r.ID, Event: word(configuration.Get("Event")), Source: source.SourceARN})
			}
		}
	}
}

// A bucketSource is the ARN of a bucket under the condition of its name.
type bucketSource struct {
	invoke.SourceARN
	when template.Guard
}

// bucketSources returns the ARNs of a bucket, one for each name that conditions give it.
// They don't refer to the bucket, since the permission would then wait for it. Where
// CloudFormation makes the name under some condition, none can be written: one permission
// without a source, for the account, serves all.
func bucketSources(s *invoke.Finder, r template.Resource) []bucketSource {
	source := invoke.SourceARN{Presented: template.AttOf(r.ID, "Arn"), AnySource: true, Account: invoke.AccountAlways}
	names := s.NamesOf(r, "BucketName")
	if slices.ContainsFunc(names, func(x template.Variant) bool { return x.Absent }) {
		return []bucketSource{{source, nil}}
	}
	var all []bucketSource
	for _, name := range names {
		source.Exact = bucketARN(name.Text)
		if len(names) > 1 {
			source.Presented = source.Exact
		}
		all = append(all, bucketSource{source, name.When})
	}
	return all
}

func bucketARN(name template.Text) template.Text {
	return template.Join(anyBucket, name)
}

// anyBucket is what the ARNs of all buckets begin with.
var anyBucket = template.Text{{Kind: template.Lit, Text: "arn:"}, {Kind: template.Ref, Text: "AWS::Partition"}, {Kind: template.Lit, Text: ":s3:::"}}

func spellBucket(s *invoke.Names, r template.Resource, attribute string) (template.Text, bool) {
	name, _ := s.NameOf(r, "BucketName")
	switch attribute {
	case "":
		return name, true
	case "Arn":
		return bucketARN(name), true
	}
	return nil, false
}

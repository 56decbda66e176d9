package definition

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseS3(t *testing.T) {
	for _, tt := range []struct {
		uri  string
		want Location
	}{
		{"s3://bucket/key", Location{Bucket: "bucket", Key: "key"}},
		{"s3://my.bucket-1/a/b c/d.yaml", Location{Bucket: "my.bucket-1", Key: "a/b c/d.yaml"}},
		{"s3://bucket/a%20b+c", Location{Bucket: "bucket", Key: "a%20b+c"}},
		{"s3://bucket/dir/", Location{Bucket: "bucket", Key: "dir/"}},
		{"s3://bucket/a..b/...", Location{Bucket: "bucket", Key: "a..b/..."}},
		{"s3://bucket/key?versionId=3%2FL4kqtJ", Location{Bucket: "bucket", Key: "key", Version: "3/L4kqtJ"}},
		{"s3://bucket/key?versionId=null", Location{Bucket: "bucket", Key: "key", Version: "null"}},
		{"s3://" + strings.Repeat("b", 63) + "/" + strings.Repeat("k", 1024),
			Location{Bucket: strings.Repeat("b", 63), Key: strings.Repeat("k", 1024)}},
	} {
		got, err := ParseS3(tt.uri)
		if err != nil {
			t.Errorf("%q: %v", tt.uri, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.uri, diff)
		}
	}
}

func TestParseS3Refuses(t *testing.T) {
	for _, tt := range []struct{ uri, want string }{
		{"", "not of the form"},
		{"bucket/key", "not of the form"},
		{"S3://bucket/key", "not of the form"},
		{"s3:/bucket/key", "not of the form"},
		{" s3://bucket/key", "not of the form"},
		{"http://127.0.0.1/key", "not of the form"},
		{"https://bucket.s3.eu-west-1.amazonaws.com/key", "not of the form"},
		{"https://s3.amazonaws.com/bucket/key", "not of the form"},
		{"file:///etc/passwd", "not of the form"},
		{"arn:aws:s3:::bucket/key", "not of the form"},
		{"s3://arn:aws:s3:us-west-2:123456789012:accesspoint/prod/key", "access point"},
		{"s3://arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap/key", "access point"},
		{"s3://bucket", "has no key"},
		{"s3://bucket/", "has no key"},
		{"s3:///key", "no bucket can have the name"},
		{"s3://bucket//key", "empty first part"},
		{"s3://bucket/key#part", `holds a "#"`},
		{"s3://bucket/key?", "more after its ?"},
		{"s3://bucket/key?versionId=", "more after its ?"},
		{"s3://bucket/key?versionId=a&versionId=b", "more after its ?"},
		{"s3://bucket/key?versionId=a&partNumber=1", "more after its ?"},
		{"s3://bucket/key?versionId=%zz", "more after its ?"},
		{"s3://bucket/key?versionId=a%0d%0aHost:%20x", "version id"},
		{"s3://bucket/a/../../other/key", `"." or ".."`},
		{"s3://bucket/.", `"." or ".."`},
		{"s3://bucket/a\nb", "control character"},
		{"s3://bucket/a\x00b", "control character"},
		{"s3://bucket/a\x1b[31mb", "control character"},
		{"s3://bucket/a\u202eb", "control character"},
		{"s3://bucket/a\xffb", "control character"},
		{"s3://bucket/" + strings.Repeat("k", 1025), "1024 bytes"},
		{"s3://user@bucket/key", "only a-z"},
		{"s3://bucket:443/key", "only a-z"},
		{"s3://127.0.0.1/key", "IP address"},
	} {
		got, err := ParseS3(tt.uri)
		if err == nil || err.Reason != BadLocation || !strings.Contains(err.Detail, tt.want) {
			t.Errorf("%q: %+v, %v; want an error with %q", tt.uri, got, err, tt.want)
		}
		if err != nil && !printable(err.Error()) {
			t.Errorf("%q: the error isn't printable: %q", tt.uri, err)
		}
	}
}

func TestBadBucket(t *testing.T) {
	for _, name := range []string{"abc", "a-b", "1.2", "my.example.com", "123456789012-eu-west-1", "app-123456789012-eu-west-1-an"} {
		if why := badBucket(name); why != "" {
			t.Errorf("%q: %s", name, why)
		}
	}
	for _, name := range []string{
		"", "ab", strings.Repeat("a", 64), "Upper", "under_score", "-abc", "abc-", ".abc", "abc.", "a..b", "192.168.5.4",
		"xn--abc", "sthree-abc", "amzn-s3-demo-bucket", "abc-s3alias", "abc--ol-s3", "abc.mrap", "abc--use1-az4--x-s3",
		"abc--table-s3", "a/b", "a b", "bücket", "a%62c", "a\nbc",
	} {
		if badBucket(name) == "" {
			t.Errorf("%q passes", name)
		}
	}
}

// A location of which no document can be read fails without a request.
func TestLoadBadLocation(t *testing.T) {
	s := newStore(t)
	made := 0
	l := storeLoader(Options{Client: countedClient(&made), Dir: t.TempDir()})
	for _, loc := range []Location{
		{},
		{Key: "key"},
		{Bucket: bucket},
		{Bucket: bucket, Key: "../other/key"},
		{Bucket: bucket, Key: "a\r\nb"},
		{Bucket: "definitions/../other", Key: "key"},
		{Bucket: "definitions?x=", Key: "key"},
		{Bucket: "arn:aws:s3:us-west-2:123456789012:accesspoint/prod", Key: "key"},
		{Bucket: bucket, Key: "key", Version: "a\nb"},
		{Bucket: bucket, Key: "key", ETag: "a\nb"},
		{Bucket: bucket, Key: "key", ETag: `a", "b`},
		{Bucket: bucket, Key: "key", Path: "file"},
		{Path: "https://127.0.0.1/api.yaml"},
		{Path: "a\x00b"},
	} {
		wantReason(t, one(t, l, loc), BadLocation)
	}
	if made != 0 || len(s.seen()) != 0 {
		t.Errorf("%d clients made, requests %q", made, s.seen())
	}
}

func FuzzParseS3(f *testing.F) {
	for _, s := range []string{"s3://bucket/key", "s3://bucket/a/b?versionId=3%2FL4", "s3://arn:aws:s3:::b/k", "https://x/y",
		"s3://b.c/\x1b", "s3://1.2.3.4/k", "s3://bucket/a/../b", "s3://bucket/\u202e", "s3://xn--abc/k?versionId=%00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		loc, err := ParseS3(uri)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Reason != BadLocation || loc != (Location{}) {
				t.Fatalf("%q: %+v, %v", uri, loc, err)
			}
			if !printable(err.Error()) {
				t.Fatalf("the error isn't printable: %q", err)
			}
			return
		}
		if badBucket(loc.Bucket) != "" || loc.Key == "" || !printable(loc.Key) || hasDotSegment(loc.Key) {
			t.Fatalf("%q: %+v", uri, loc)
		}
		if loc.Version == "" && loc.String() != uri {
			t.Fatalf("%q reads as %q", uri, loc)
		}
		if loc.check() != nil {
			t.Fatalf("%q is taken, but not read", uri)
		}
	})
}

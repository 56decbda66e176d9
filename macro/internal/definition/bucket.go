package definition

import (
	"net/netip"
	"slices"
	"strings"
)

// badBucket says why no general purpose bucket can have this name, "" if one can:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html.
// The reserved endings are those of access point aliases, directory buckets
// and table buckets: they stand for a bucket of another name, or need another
// API. The old us-east-1 names with capitals or underscores are refused too.
func badBucket(name string) string {
	if len(name) < 3 || len(name) > 63 {
		return "it needs 3 to 63 characters"
	}
	for _, c := range []byte(name) {
		if !lowerOrDigit(c) && c != '-' && c != '.' {
			return "only a-z, 0-9, - and . may stand in it"
		}
	}
	if !lowerOrDigit(name[0]) || !lowerOrDigit(name[len(name)-1]) {
		return "it has to start and end with a letter or a digit"
	}
	if strings.Contains(name, "..") {
		return "two dots in a row"
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return "it is an IP address"
	}
	for _, p := range [...]string{"xn--", "sthree-", "amzn-s3-demo-"} {
		if strings.HasPrefix(name, p) {
			return p + " is a reserved beginning"
		}
	}
	for _, s := range [...]string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		if strings.HasSuffix(name, s) {
			return s + " is a reserved ending"
		}
	}
	return ""
}

func lowerOrDigit(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

// An allowance is one entry of the list of buckets that may be read: a bucket,
// or the keys of it that begin with prefix, which is empty or ends in "/".
type allowance struct{ bucket, prefix string }

// allowances reads the entries "bucket", "bucket/" and "bucket/prefix". wrong is
// how many of them can't be read, and so allow nothing. "bucket/a" allows
// bucket/a/b, not bucket/ab.
func allowances(entries []string) (list []allowance, wrong int) {
	for _, e := range entries {
		e = strings.TrimSpace(e)
		if e == "" {
			continue
		}
		bucket, prefix, _ := strings.Cut(e, "/")
		if prefix = strings.Trim(prefix, "/"); prefix != "" {
			prefix += "/"
		}
		if badBucket(bucket) != "" || strings.ContainsAny(prefix, "*?") || hasDotSegment(prefix) {
			wrong++
			continue
		}
		list = append(list, allowance{bucket, prefix})
	}
	return list, wrong
}

// allowed reports whether the list has the bucket, with a prefix that the key
// begins with.
func (l *Loader) allowed(bucket, key string) bool {
	return slices.ContainsFunc(l.buckets, func(a allowance) bool {
		return a.bucket == bucket && strings.HasPrefix(key, a.prefix)
	})
}

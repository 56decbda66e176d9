// Package release is the tests of the promise to stacks that are deployed: what a
// release has added, no later one of the same major version changes.
package release

// Package release tests the promise to deployed stacks: no later release of the same major
// version changes what a release has added.
package release

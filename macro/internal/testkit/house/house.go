// Package house tests the tree under macro/: who may import whom, how large files and
// structs may be, what must have a comment, and that docs/house.md shows the packages as
// they are.
package house

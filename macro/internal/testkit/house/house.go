// Package house is the tests that hold the tree under macro/ against what is agreed
// about it: who may import whom, how large files and structs get, what has a
// comment, and whether the page about the house shows it as it is.
package house

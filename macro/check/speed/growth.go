package main

import (
	"fmt"
	"math"
	"time"

	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/sample"
)

// A dimension is one way in which a template gets larger.
type dimension struct {
	name  string
	sizes []int
	event func(n int) []byte
}

var dimensions = []dimension{
	{"resources that are not read", []int{10, 100, 1000, 10_000}, func(n int) []byte { return sample.Event(sample.Nothing(n)) }},
	{"methods and functions", []int{8, 80, 800, 4000}, func(n int) []byte { return sample.Event(sample.REST(n, 0, 0)) }},
	{"routes on one function", []int{50, 500, 5000}, func(n int) []byte { return sample.Event(sample.Routes(n)) }},
	{"methods, each with its condition", []int{10, 100, 400}, func(n int) []byte { return sample.Event(sample.Conditional(n)) }},
	{"levels of a path, and of nesting", []int{5, 50, 300}, func(n int) []byte { return sample.Event(sample.Deep(n)) }},
}

// Linear growth has an exponent of 1. Allocations are counted exactly and may hardly
// differ from it; times depend on what else the machine does.
const (
	maxExponent     = 1.1
	maxTimeExponent = 1.3
)

// showGrowth prints how time and allocations grow, and returns the dimensions
// that grow faster than they should.
func showGrowth(rounds int) (failed []string) {
	fmt.Printf("\n| what grows | from | to | time | exponent | allocations | exponent |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, d := range dimensions {
		var sizes, times, objects []float64
		var first, last time.Duration
		for i, n := range d.sizes {
			event := d.event(n)
			took := measure(event, rounds, macro).least(macro)
			count, _ := allocations(event, macro)
			sizes, times, objects = append(sizes, float64(len(event))), append(times, float64(took)), append(objects, float64(count))
			if last = took; i == 0 {
				first = took
			}
		}
		byTime, byObjects := exponent(sizes, times), exponent(sizes, objects)
		fmt.Printf("| %s | %d | %d | %v to %v | %.2f | %.0f to %.0f | %.2f |\n", d.name, d.sizes[0], d.sizes[len(d.sizes)-1],
			first.Round(time.Microsecond), last.Round(time.Microsecond), byTime, objects[0], objects[len(objects)-1], byObjects)
		if byTime > maxTimeExponent || byObjects > maxExponent {
			failed = append(failed, d.name)
		}
	}
	return failed
}

// exponent is k of the curve y = c·x^k that fits best: the slope of the line
// through the logarithms.
func exponent(x, y []float64) float64 {
	var sx, sy, sxx, sxy float64
	for i := range x {
		lx, ly := math.Log(x[i]), math.Log(max(y[i], 1))
		sx, sy, sxx, sxy = sx+lx, sy+ly, sxx+lx*lx, sxy+lx*ly
	}
	n := float64(len(x))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

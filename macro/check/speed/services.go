package main

import (
	"fmt"
	"slices"

	"github.com/grantinvoke/grantinvoke/macro/internal/engine"
	"github.com/grantinvoke/grantinvoke/macro/internal/invoke"
	"github.com/grantinvoke/grantinvoke/macro/internal/option"
	"github.com/grantinvoke/grantinvoke/macro/internal/service"
	"github.com/grantinvoke/grantinvoke/macro/internal/template"
	"github.com/grantinvoke/grantinvoke/macro/internal/testkit/sample"
)

// What the other services may cost in a template that has none of them: deciding
// with all services, as a multiple of deciding with API Gateway alone. The median
// over the events may be maxService. A single event, whose measurement may be
// disturbed, may cost maxOneService; it is measured again before it fails.
const (
	maxService    = 1.03
	maxOneService = 1.10
)

// alone decides as if API Gateway were the only service.
var alone = job{"alone", func(event []byte) error {
	return steps(event, func(t *template.Template) error {
		_, err := engine.Decide(t, gatewayAlone, option.Options{})
		return err
	})
}}

var gatewayAlone = func() invoke.Environment {
	out := environment
	for _, s := range service.All().Services {
		if s.Name == "apigateway" {
			out.Services = invoke.NewCatalog(s)
		}
	}
	return out
}()

// A served event has calls of other services. most is how many times as long as validation
// the macro may take for it: half as much again as was measured.
type served struct {
	sample.Sample
	most float64
}

// withServices are events with other services: with one call in two and a half
// kilobytes, more than public templates have, and full of them, three times as many. A
// call of theirs costs twice as much as one of API Gateway's, since each has a source ARN
// of its own that is compared and counted.
func withServices() []served {
	return []served{
		{sample.Sample{Name: "services-8KB", Event: sample.Event(sample.UsualServices(3))}, 5},
		{sample.Sample{Name: "services-81KB", Event: sample.Event(sample.UsualServices(32))}, 4},
		{sample.Sample{Name: "services-241KB", Event: sample.Event(sample.UsualServices(94))}, 4},
		{sample.Sample{Name: "dense-8KB", Event: sample.Event(sample.DenseServices(8, 1, 480))}, 9},
		{sample.Sample{Name: "dense-81KB", Event: sample.Event(sample.DenseServices(66, 24, 640))}, 7},
		{sample.Sample{Name: "dense-241KB", Event: sample.Event(sample.DenseServices(140, 60, 1120))}, 6},
	}
}

// showServices prints what the other services cost, and returns what is more than
// it may be.
func showServices(rounds int) (failed []string) {
	fmt.Printf("\n| event without them | all services: API Gateway alone |\n| --- | --- |\n")
	var all []float64
	for _, s := range sample.All() {
		x := measure(s.Event, rounds, grants, alone).ratio(grants, alone)
		if x > maxOneService {
			x = min(x, measure(s.Event, rounds, grants, alone).ratio(grants, alone))
		}
		fmt.Printf("| %s | %.3f |\n", s.Name, x)
		if all = append(all, x); x > maxOneService {
			failed = append(failed, fmt.Sprintf("%s: services cost %.3f", s.Name, x))
		}
	}
	slices.Sort(all)
	median := all[len(all)/2]
	fmt.Printf("| the median | %.3f |\n\n| event with them | bytes | macro: validation |\n| --- | --- | --- |\n", median)
	if median > maxService {
		failed = append(failed, fmt.Sprintf("services cost %.3f where there are none", median))
	}
	for _, s := range withServices() {
		x := measure(s.Event, rounds, macro, validate).ratio(macro, validate)
		fmt.Printf("| %s | %d | %.1f |\n", s.Name, len(s.Event), x)
		if x > s.most {
			failed = append(failed, fmt.Sprintf("%s: %.1f times validation", s.Name, x))
		}
	}
	return failed
}

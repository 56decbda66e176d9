package main

import ("testing"; "github.com/grantinvoke/grantinvoke/macro/internal/testkit/sample")

func BenchmarkServices(b *testing.B) {
	e := sample.Event(sample.Services(66, 24, 640))
	for b.Loop() { if err := handle(e); err != nil { b.Fatal(err) } }
}
func BenchmarkValidate(b *testing.B) {
	e := sample.Event(sample.Services(66, 24, 640))
	for b.Loop() { if err := isValid(e); err != nil { b.Fatal(err) } }
}

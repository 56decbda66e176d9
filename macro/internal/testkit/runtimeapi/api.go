package runtimeapi

import (
	"fmt"
	"io"
	"net/http"
)

const functionARN = "arn:aws:lambda:us-east-1:123456789012:function:GrantInvoke"

// handler serves the part of the Runtime API that a function needs: next,
// response, error, and the error of a function that could not start.
func (p *Process) handler() http.Handler {
	const root = "/2018-06-01/runtime/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+root+"invocation/next", p.next)
	mux.HandleFunc("POST "+root+"invocation/{id}/response", p.response)
	mux.HandleFunc("POST "+root+"invocation/{id}/error", p.failure)
	mux.HandleFunc("POST "+root+"init/error", func(w http.ResponseWriter, r *http.Request) {
		io.Copy(&p.logs, io.LimitReader(r.Body, MaxPayload))
		w.WriteHeader(http.StatusAccepted)
	})
	return mux
}

func (p *Process) next(w http.ResponseWriter, r *http.Request) {
	p.asked.Do(func() { close(p.ready) })
	select {
	case inv := <-p.events:
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", inv.id)
		h.Set("Lambda-Runtime-Deadline-Ms", milliseconds(inv.deadline))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", functionARN)
		h.Set("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0")
		w.Write(inv.event)
	case <-r.Context().Done():
	}
}

func (p *Process) response(w http.ResponseWriter, r *http.Request) {
	payload, ok := p.read(w, r)
	if !ok {
		return
	}
	if len(payload) > MaxPayload {
		p.answer(w, r, http.StatusRequestEntityTooLarge, Answer{
			Payload: fmt.Appendf(nil, `{"errorType":"Function.ResponseSizeTooLarge","errorMessage":`+
				`"Response payload size exceeded maximum allowed payload size (%d bytes)."}`, MaxPayload),
			FunctionError: true,
		})
		return
	}
	p.answer(w, r, http.StatusAccepted, Answer{Payload: payload})
}

func (p *Process) failure(w http.ResponseWriter, r *http.Request) {
	if payload, ok := p.read(w, r); ok {
		p.answer(w, r, http.StatusAccepted, Answer{Payload: payload, FunctionError: true})
	}
}

// read returns at most one byte more than is allowed, so that the caller sees that there is
// more, and discards the rest: the executable reads its status only after it has sent all.
func (p *Process) read(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	payload, err := io.ReadAll(io.LimitReader(r.Body, MaxPayload+1))
	if err == nil {
		_, err = io.Copy(io.Discard, r.Body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return nil, false
	}
	return payload, true
}

// answer passes the answer to the caller before the executable gets its status, so that it
// counts even if the executable ends right after. A second answer to one invocation, or one
// to no invocation, is refused with 400.
func (p *Process) answer(w http.ResponseWriter, r *http.Request, status int, a Answer) {
	p.mu.Lock()
	inv := p.running[r.PathValue("id")]
	delete(p.running, r.PathValue("id"))
	p.mu.Unlock()
	if inv == nil {
		http.Error(w, `{"errorType":"InvalidRequestID","errorMessage":"no such invocation"}`, http.StatusBadRequest)
		return
	}
	inv.answer <- a
	w.WriteHeader(status)
}

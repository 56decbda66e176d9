package memory_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/grantinvoke/grantinvoke/macro/internal/memory"
)

func TestStrings(t *testing.T) {
	var x memory.Strings
	var got, want []string
	for i := range 3000 {
		piece := strings.Repeat(string(rune('a'+i%26)), i%97)
		got, want = append(got, x.Join(piece, "/", piece)), append(want, piece+"/"+piece)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("%d: %q became %q", i, want[i], got[i])
		}
	}
	if x.Join() != "" || x.Join("", "") != "" {
		t.Error("nothing is something")
	}
	if long := strings.Repeat("y", 1<<16); x.Join(long, "z") != long+"z" {
		t.Error("a long text")
	}
}

func TestChunks(t *testing.T) {
	var pool memory.Pool[[2]string]
	for range 3 {
		c := memory.Chunks[[2]string]{From: &pool}
		var all [][][2]string
		for i := range 200 {
			x := c.Take()
			if len(x) != 1 || cap(x) != 1 || x[0] != [2]string{} {
				t.Fatalf("value %d: %v, room for %d", i, x, cap(x))
			}
			x[0][0] = string(rune('a' + i))
			all = append(all, x)
		}
		for i, x := range all {
			if x[0][0] != string(rune('a'+i)) {
				t.Fatalf("value %d is another's", i)
			}
		}
		c.Release()
		c.Release() // there is nothing left
	}
	var none memory.Chunks[int]
	none.Release()
}

func TestBuffers(t *testing.T) {
	var kept memory.Buffers
	kept.Return(nil)
	for _, n := range []int{10, 5, 100, 0, 100} {
		b := kept.Borrow(n)
		if len(b) != 0 || cap(b) < n {
			t.Errorf("Borrow(%d): %d bytes of %d", n, len(b), cap(b))
		}
		kept.Return(append(b, "text"...))
	}
}

// What is taken from a pool is one taker's alone.
func TestTogether(t *testing.T) {
	var (
		pool memory.Pool[int]
		kept memory.Buffers
		all  sync.WaitGroup
	)
	for who := range 8 {
		all.Go(func() {
			for range 500 {
				c, b := memory.Chunks[int]{From: &pool}, kept.Borrow(16)
				var mine [][]int
				for range 100 {
					x := c.Take()
					if x[0] != 0 {
						t.Error("not zero")
						return
					}
					x[0] = who + 1
					b, mine = append(b, byte(who)), append(mine, x)
				}
				for i, x := range mine {
					if x[0] != who+1 || b[i] != byte(who) {
						t.Error("another's")
						return
					}
				}
				c.Release()
				kept.Return(b)
			}
		})
	}
	all.Wait()
}

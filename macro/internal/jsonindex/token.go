package jsonindex

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode/utf8"
	"unsafe"
)

// The tokens of JSON. Each method gets the offset where one begins, and returns the
// one after it, or -1 where there is no such token.

// at returns the byte at p, or zero after the end of the text: no token has that.
func (x *indexer) at(p int) byte {
	if p < len(x.text) {
		return x.text[p]
	}
	return 0
}

// next returns the next offset that isn't white space, and the byte there.
func (x *indexer) next(p int) (int, byte) {
	if b := x.at(p); b > ' ' { // nearly always
		return p, b
	}
	return x.space(p)
}

func (x *indexer) space(p int) (int, byte) {
	for {
		switch b := x.at(p); b {
		case ' ', '\n', '\t', '\r':
			p++
		default:
			return p, b
		}
	}
}

// special finds the first quote, backslash, control character or byte outside of
// ASCII among eight bytes: the lowest bit that is set in the result is the highest
// bit of that byte. Flipping bit 1 of each byte makes a quote 0x20, next to the
// control characters, so that one subtraction finds both: it borrows from the
// highest bit of any byte that is less than 0x21. Another finds the backslash, which
// is 0 after an xor.
func special(b uint64) uint64 {
	const (
		ones  = 0x0101010101010101
		highs = 0x80 * ones
	)
	quote, slash := b^2*ones, b^'\\'*ones
	return ((quote - ('"'-1)*ones) | (slash - ones) | b) & highs
}

// quoted returns the offset after the string that begins at p, and whether it has a
// backslash.
func (x *indexer) quoted(p int) (end int, backslash bool) {
	src := x.src
	for p++; ; {
		var first, second uint64 // 16 bytes at a time: most strings are shorter, so that the loop ends at once
		if p+16 <= len(src) {
			b := (*[16]byte)(unsafe.Pointer(&src[p])) // the text has all 16
			first, second = special(binary.LittleEndian.Uint64(b[:8])), special(binary.LittleEndian.Uint64(b[8:]))
		} else {
			first, second = special(load(src, p)), special(loadLast(src, p+8)) // zeros after the text count as special
		}
		n := 8 + bits.TrailingZeros64(second)/8
		if first != 0 {
			n = bits.TrailingZeros64(first) / 8
		}
		if p += n; n == 16 {
			continue
		}
		if p >= len(src) {
			return -1, false
		}
		switch c := src[p]; {
		case c == '"':
			return p + 1, backslash
		case c == '\\':
			backslash = true
			if n := x.escape(p); n > 0 {
				p += n
			} else {
				return -1, false
			}
		case c < utf8.RuneSelf:
			return -1, false
		default:
			r, n := utf8.DecodeRuneInString(x.text[p:])
			if r == utf8.RuneError && n == 1 {
				return -1, false
			}
			p += n
		}
	}
}

// load returns the eight bytes at p, the first one lowest. Bytes after the end of
// the text are zero.
func load(src []byte, p int) uint64 {
	if p+8 <= len(src) {
		return binary.LittleEndian.Uint64(src[p:])
	}
	return loadLast(src, p)
}

// loadLast is load near the end of the text.
func loadLast(src []byte, p int) (b uint64) {
	switch end, left := len(src), len(src)-p; {
	case left <= 0:
		return 0
	case end >= 8:
		return binary.LittleEndian.Uint64(src[end-8:]) >> (8 * (8 - left))
	case left >= 4: // two halves, which may overlap
		return uint64(binary.LittleEndian.Uint32(src[p:])) | uint64(binary.LittleEndian.Uint32(src[end-4:]))<<(8*(left-4))
	}
	for i := len(src) - 1; i >= p; i-- {
		b = b<<8 | uint64(src[i])
	}
	return b
}

// bytesOf returns the bytes of a text, which must not be written to.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// escape returns the length of the escape sequence at p, 0 where there is none.
func (x *indexer) escape(p int) int {
	switch x.at(p + 1) {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		x.escapes = true
		switch high := x.hex4(p + 2); {
		case high < 0, high >= 0xdc00 && high < 0xe000:
			return 0
		case high < 0xd800 || high >= 0xe000:
			return 6
		}
		// the first half of a surrogate pair
		if low := x.hex4(p + 8); x.at(p+6) == '\\' && x.at(p+7) == 'u' && low >= 0xdc00 && low < 0xe000 {
			return 12
		}
	}
	return 0
}

// hex4 returns the number that the four hexadecimal digits at p stand for, -1 where
// there aren't four.
func (x *indexer) hex4(p int) (n int) {
	for i := range 4 {
		switch c := x.at(p + i); {
		case '0' <= c && c <= '9':
			n = n<<4 | int(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			n = n<<4 | int(c|0x20-'a'+10)
		default:
			return -1
		}
	}
	return n
}

// number returns the end of the number at p.
func (x *indexer) number(p int) int {
	if x.at(p) == '-' {
		p++
	}
	if x.at(p) == '0' {
		p++
	} else if p = x.digits(p); p < 0 {
		return -1
	}
	if x.at(p) == '.' {
		if p = x.digits(p + 1); p < 0 {
			return -1
		}
	}
	if x.at(p)|0x20 == 'e' {
		if p++; x.at(p) == '+' || x.at(p) == '-' {
			p++
		}
		return x.digits(p)
	}
	return p
}

// digits returns the end of one or more digits.
func (x *indexer) digits(p int) int {
	start := p
	for x.at(p) >= '0' && x.at(p) <= '9' {
		p++
	}
	if p == start {
		return -1
	}
	return p
}

// word returns the end of true, false or null.
func (x *indexer) word(p int) int {
	for _, w := range [...]string{"true", "false", "null"} {
		if strings.HasPrefix(x.text[p:], w) {
			return p + len(w)
		}
	}
	return -1
}

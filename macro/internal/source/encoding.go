package source

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// An encoding is how a file's text becomes bytes.
type encoding uint8

const (
	utf8Plain encoding = iota
	utf8Mark           // with a byte order mark
	utf16Little
	utf16LittleMark
	utf16Big
	utf16BigMark
	unknown
)

var encodings = [...]struct {
	mark  []byte
	order binary.AppendByteOrder // nil: UTF-8
}{
	utf8Plain:       {nil, nil},
	utf8Mark:        {[]byte("\xef\xbb\xbf"), nil},
	utf16Little:     {nil, binary.LittleEndian},
	utf16LittleMark: {[]byte("\xff\xfe"), binary.LittleEndian},
	utf16Big:        {nil, binary.BigEndian},
	utf16BigMark:    {[]byte("\xfe\xff"), binary.BigEndian},
}

// encodingOf tells an encoding by its byte order mark or, since a template begins
// with a character of ASCII, by which of the first bytes are zero
// (https://yaml.org/spec/1.2.2/#52-character-encodings).
func encodingOf(data []byte) encoding {
	starts := func(s string) bool { return bytes.HasPrefix(data, []byte(s)) }
	switch {
	case starts("\xef\xbb\xbf"):
		return utf8Mark
	case starts("\x00\x00"), starts("\xff\xfe\x00\x00"), len(data) > 3 && data[0] != 0 && string(data[1:4]) == "\x00\x00\x00":
		return unknown
	case starts("\xff\xfe"):
		return utf16LittleMark
	case starts("\xfe\xff"):
		return utf16BigMark
	case len(data) > 1 && data[0] != 0 && data[1] == 0:
		return utf16Little
	case len(data) > 1 && data[0] == 0 && data[1] != 0:
		return utf16Big
	}
	return utf8Plain
}

// Text returns the text of a file, in UTF-8 or UTF-16, as UTF-8 without a byte order
// mark. What isn't valid in its encoding isn't valid UTF-8 either.
func Text(data []byte) []byte {
	text, _ := decode(data)
	return text
}

func decode(data []byte) ([]byte, encoding) {
	e := encodingOf(data)
	if e == unknown {
		return data, e
	}
	x := encodings[e]
	data = data[len(x.mark):]
	if x.order == nil {
		return data, e
	}
	order := x.order.(binary.ByteOrder)
	out := make([]byte, 0, len(data)/2)
	for len(data) > 1 {
		r := rune(order.Uint16(data))
		data = data[2:]
		if utf16.IsSurrogate(r) && len(data) > 1 {
			if pair := utf16.DecodeRune(r, rune(order.Uint16(data))); pair != utf8.RuneError {
				r, data = pair, data[2:]
			}
		}
		if utf16.IsSurrogate(r) {
			out = append(out, 0xff) // not valid UTF-8: the file is refused, with this place
			continue
		}
		out = utf8.AppendRune(out, r)
	}
	if len(data) > 0 {
		out = append(out, 0xff)
	}
	return out, e
}

// encode returns valid text in the encoding, always a copy.
func (e encoding) encode(text []byte) []byte {
	x := encodings[e]
	if x.order == nil {
		return slices.Concat(x.mark, text)
	}
	out := make([]byte, 0, len(x.mark)+2*len(text))
	out = append(out, x.mark...)
	for _, unit := range utf16.Encode([]rune(string(text))) {
		out = x.order.AppendUint16(out, unit)
	}
	return out
}

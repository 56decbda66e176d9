package naming

import (
	"crypto/sha256"
	"encoding/hex"
)

// Hash returns 8 hexadecimal digits of a SHA-256 of the parts, joined by line feeds.
func Hash(parts ...string) string { return string(AppendHash(nil, AppendParts(nil, parts...))) }

// AppendParts appends the parts to b, joined by line feeds: what [Hash] hashes.
func AppendParts(b []byte, parts ...string) []byte {
	for i, p := range parts {
		if i > 0 {
			b = append(b, '\n')
		}
		b = append(b, p...)
	}
	return b
}

// AppendHash appends to b 8 hexadecimal digits of a SHA-256 of of.
func AppendHash(b, of []byte) []byte {
	sum := sha256.Sum256(of)
	return hex.AppendEncode(b, sum[:4])
}

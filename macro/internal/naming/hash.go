package naming

import (
	"crypto/sha256"
	"encoding/hex"
)

// Hash returns 8 hexadecimal digits over the parts.
func Hash(parts ...string) string { return string(AppendHash(nil, AppendParts(nil, parts...))) }

// AppendParts appends what is hashed.
func AppendParts(b []byte, parts ...string) []byte {
	for i, p := range parts {
		if i > 0 {
			b = append(b, '\n')
		}
		b = append(b, p...)
	}
	return b
}

// AppendHash appends 8 hexadecimal digits over bytes.
func AppendHash(b, of []byte) []byte {
	sum := sha256.Sum256(of)
	return hex.AppendEncode(b, sum[:4])
}

package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/grantinvoke/grantinvoke/macro/internal/finding"
)

// Save writes an account as JSON, so that it can be audited again without AWS.
func (a Account) Save(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(a)
}

// Load reads what [Account.Save] has written. Errors read on from the name of the
// file, which the caller puts in front.
func Load(r io.Reader) (Account, error) {
	var a Account
	if err := json.NewDecoder(r).Decode(&a); err != nil {
		return a, fmt.Errorf("is no saved account: %w", err)
	}
	switch {
	case a.Format == 0 || a.ID == "":
		return a, finding.Errorf("", "grantinvoke audit -save FILE writes one", "is no saved account")
	case a.Format > Format:
		return a, errors.New("was saved by a newer version of this tool")
	}
	return a, nil
}

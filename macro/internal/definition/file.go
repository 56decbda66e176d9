package definition

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// File returns the bytes of a file below Dir as they are, under the same rules as
// [Loader.Load].
func (l *Loader) File(path string) ([]byte, *Error) {
	loc := Location{Kind: Snippet, Path: path}
	if err := l.refuse(loc); err != nil {
		return nil, err
	}
	doc, err := l.file(path)
	if err != nil {
		return nil, err.at(loc)
	}
	return doc.data, nil
}

// file reads a file, for the local tool. Paths start from Dir and stay below Root,
// links included, so that a template from elsewhere can't make a CI job read
// other files.
func (l *Loader) file(path string) (document, *Error) {
	base, err := filepath.Rel(l.opt.Root, l.opt.Dir)
	if err != nil {
		return document{}, unreadable(err)
	}
	name := filepath.Join(base, filepath.FromSlash(path))
	if filepath.IsAbs(filepath.FromSlash(path)) || !filepath.IsLocal(name) {
		return document{}, &Error{Reason: BadLocation, Detail: "leads out of " + folderName(l.opt.Root, l.opt.Dir),
			Hint: "name a file below it, or an object as s3://bucket/key"}
	}
	root, err := os.OpenRoot(l.opt.Root)
	if err != nil {
		return document{}, unreadable(err)
	}
	defer root.Close()
	// checked before it is opened, since opening a pipe can wait for ever
	info, err := root.Stat(name)
	switch {
	case err != nil:
		return document{}, unreadable(err)
	case !info.Mode().IsRegular():
		return document{}, &Error{Reason: BadLocation, Detail: "is no regular file"}
	}
	f, err := root.Open(name)
	if err != nil {
		return document{}, unreadable(err)
	}
	defer f.Close()
	// the size isn't relied on, somebody may be writing to the file
	data, err := drain(f, -1, l.opt.MaxBytes)
	switch {
	case errors.Is(err, errTooLarge):
		return document{}, tooLarge(l.opt.MaxBytes)
	case err != nil:
		return document{}, unreadable(err)
	}
	return document{data: data}, nil
}

func folderName(root, dir string) string {
	if root == dir {
		return "the template's folder"
	}
	return "the folder that may be read"
}

func unreadable(err error) *Error {
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{Reason: Missing, Detail: "does not exist", cause: err}
	}
	return &Error{Reason: Denied, Detail: "cannot be opened below the template's folder", cause: err}
}

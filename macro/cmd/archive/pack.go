package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"
)

// A member is a file of an archive.
type member struct {
	name string
	mode fs.FileMode // its permissions
	data []byte
}

// made is the time of every member: the earliest that a zip can have.
var made = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// archived returns the bytes of an archive, a zip or a gzipped tar by its name.
func archived(name string, members []member) ([]byte, error) {
	var b bytes.Buffer
	var err error
	switch {
	case strings.HasSuffix(name, ".tar.gz"):
		err = writeTar(&b, members)
	case strings.HasSuffix(name, ".zip"):
		err = writeZip(&b, members)
	default:
		err = fmt.Errorf("%s: is neither .tar.gz nor .zip", name)
	}
	return b.Bytes(), err
}

func writeTar(w io.Writer, members []member) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	for _, m := range members {
		header := tar.Header{Typeflag: tar.TypeReg, Name: m.name, Mode: int64(m.mode), Size: int64(len(m.data)), ModTime: made, Format: tar.FormatUSTAR}
		if err := t.WriteHeader(&header); err != nil {
			return err
		}
		if _, err := t.Write(m.data); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return z.Close()
}

// writeZip writes a zip whose members have permissions of Unix, on Windows, too: Lambda
// needs an executable file.
func writeZip(w io.Writer, members []member) error {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, m := range members {
		header := zip.FileHeader{Name: m.name, Method: zip.Deflate, Modified: made}
		header.SetMode(m.mode)
		f, err := z.CreateHeader(&header)
		if err != nil {
			return err
		}
		if _, err := f.Write(m.data); err != nil {
			return err
		}
	}
	return z.Close()
}

package wso2

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/corsproof/corsproof/harness/fetch"
	"github.com/corsproof/corsproof/servers/internal/emulator"
)

// mediator is one of Synapse's: property in the scope transport, which is that of the headers, or filter.
type mediator struct {
	XMLName    xml.Name
	Name       string     `xml:"name,attr"`
	Value      *string    `xml:"value,attr"`
	Expression string     `xml:"expression,attr"`
	Scope      string     `xml:"scope,attr"`
	Action     string     `xml:"action,attr"`
	Type       string     `xml:"type,attr"`
	Source     string     `xml:"source,attr"`
	Regex      string     `xml:"regex,attr"`
	Then       *branch    `xml:"then"`
	Else       *branch    `xml:"else"`
	Other      []xml.Attr `xml:",any,attr"`
}

type branch struct {
	List []mediator `xml:",any"`
}

// What is known of XPath: whether a header is there, and its value with a text behind it.
var (
	isThere  = regexp.MustCompile(`^boolean\(\$trp:([^\s()]+)\)$`)
	prolongs = regexp.MustCompile(`^fn:concat\(\$trp:([^\s,()]+), *'([^']*)'\)$`)
)

// parseSequence reads mediators, as they stand in a sequence.
func parseSequence(text string) ([]mediator, error) {
	var all branch
	d := xml.NewDecoder(strings.NewReader("<sequence>" + text + "</sequence>"))
	if err := d.Decode(&all); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("it ends before its text does")
	}
	return all.List, all.check()
}

func (b *branch) check() error {
	if b == nil {
		return nil
	}
	var errs []error
	for _, m := range b.List {
		errs = append(errs, m.check(), m.Then.check(), m.Else.check())
	}
	return errors.Join(errs...)
}

func (m mediator) check() error {
	switch _, err := regexp.Compile(m.Regex); {
	case len(m.Other) > 0:
		return fmt.Errorf("<%s> with %s is not known", m.XMLName.Local, m.Other[0].Name.Local)
	case m.XMLName.Local == "filter" && isThere.MatchString(m.Source) && err == nil && m.Then != nil && m.Name == "":
		return nil
	case m.XMLName.Local == "property" && m.Scope == "transport" && fetch.IsHeaderName(m.Name) && m.Then == nil && m.Else == nil &&
		(m.Action == "remove" || m.Action == "" && (m.Value != nil) != prolongs.MatchString(m.Expression)):
		return nil
	}
	return fmt.Errorf("<%s name=%q source=%q> is not known: there are <property scope=\"transport\"> with a value, action=\"remove\" or fn:concat($trp:NAME, 'TEXT'), and <filter> by boolean($trp:NAME)",
		m.XMLName.Local, m.Name, m.Source)
}

// mediate runs mediators on headers.
func mediate(list []mediator, headers *fetch.HeaderList) {
	for _, m := range list {
		m.run(headers)
	}
}

func (m mediator) run(headers *fetch.HeaderList) {
	switch {
	case m.XMLName.Local == "filter":
		said := fmt.Sprint(headers.Has(isThere.FindStringSubmatch(m.Source)[1]))
		if regexp.MustCompile("^(?:" + m.Regex + ")$").MatchString(said) {
			mediate(m.Then.List, headers)
		} else if m.Else != nil {
			mediate(m.Else.List, headers)
		}
	case m.Action == "remove":
		emulator.Remove(headers, m.Name)
	case m.Value != nil:
		emulator.Set(headers, m.Name, *m.Value)
	default:
		part := prolongs.FindStringSubmatch(m.Expression)
		value, _ := headers.Get(part[1])
		emulator.Set(headers, m.Name, value+part[2])
	}
}

package suite

// Structural reports whether the JSON Schema, too, knows the mistake.
func (p *Problem) Structural() bool { return p.structural }

// Kept and Expand are the two halves of a text with references.
func Kept(text string) (string, error) {
	pieces, err := splitReferences(text)
	return kept(pieces), err
}

var Expand = expand

// FieldPaths are the ways to each field of the format, as ".cases[].request.mode", by the object that has it: "request.mode".
func FieldPaths() map[string][]string {
	paths := map[string][]string{}
	var walk func(s shape, path string)
	walk = func(s shape, path string) {
		switch s := s.(type) {
		case *object:
			for _, f := range s.fields {
				name := s.name + "." + f.name
				paths[name] = append(paths[name], path+"."+f.name)
				walk(f.takes, path+"."+f.name)
			}
		case list:
			walk(s.of, path+"[]")
		case varies:
			walk(s.of, path)
		case dictionary:
			walk(s.of, path+"{}")
		case either:
			for _, of := range s {
				walk(of, path)
			}
		}
	}
	walk(suiteShape, "")
	return paths
}

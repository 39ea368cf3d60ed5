package sample

import (
	"fmt"
	"reflect"
	"time"
)

// Differences lists the fields in which two values of one type differ, by their paths
// ("Page.Status"). Lists of different length differ as a whole, once; so do interfaces and times.
func Differences(a, b any) []string {
	return differences("", reflect.ValueOf(a), reflect.ValueOf(b))
}

func differences(path string, a, b reflect.Value) []string {
	switch {
	case a.Kind() == reflect.Pointer && !a.IsNil() && !b.IsNil():
		return differences(path, a.Elem(), b.Elem())
	case a.Kind() == reflect.Slice && a.Len() == b.Len() && a.IsNil() == b.IsNil():
		var list []string
		for i := range a.Len() {
			list = append(list, differences(fmt.Sprintf("%s[%d]", path, i), a.Index(i), b.Index(i))...)
		}
		return list
	case a.Kind() == reflect.Struct && a.Type() != reflect.TypeFor[time.Time]():
		var list []string
		for i := range a.NumField() {
			list = append(list, differences(join(path, a.Type().Field(i).Name), a.Field(i), b.Field(i))...)
		}
		return list
	case !reflect.DeepEqual(a.Interface(), b.Interface()):
		return []string{path}
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

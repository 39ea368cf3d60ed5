// Package junit writes results as JUnit XML, as CI systems read it.
package junit

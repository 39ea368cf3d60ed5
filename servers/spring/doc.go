// Package spring runs the orders API on Spring Boot, in Java, with its CORS
// settings: CorsRegistry, @CrossOrigin, and Spring Security with and without .cors().
package spring

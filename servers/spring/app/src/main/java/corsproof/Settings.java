package corsproof;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.web.servlet.config.annotation.CorsRegistration;

/** The options of CorsRegistry; what is null is left to Spring. */
@ConfigurationProperties("corsproof.registry")
record Settings(List<String> allowedOrigins, List<String> allowedOriginPatterns, List<String> allowedMethods,
        List<String> allowedHeaders, List<String> exposedHeaders, Boolean allowCredentials, Long maxAge) {

    void apply(CorsRegistration mapping) {
        if (allowedOrigins != null) mapping.allowedOrigins(allowedOrigins.toArray(String[]::new));
        if (allowedOriginPatterns != null) mapping.allowedOriginPatterns(allowedOriginPatterns.toArray(String[]::new));
        if (allowedMethods != null) mapping.allowedMethods(allowedMethods.toArray(String[]::new));
        if (allowedHeaders != null) mapping.allowedHeaders(allowedHeaders.toArray(String[]::new));
        if (exposedHeaders != null) mapping.exposedHeaders(exposedHeaders.toArray(String[]::new));
        if (allowCredentials != null) mapping.allowCredentials(allowCredentials);
        if (maxAge != null) mapping.maxAge(maxAge);
    }
}

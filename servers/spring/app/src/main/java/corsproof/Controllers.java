package corsproof;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** The API under each annotation; the settings choose one of them. */
final class Controllers {
    private Controllers() {}

    @RestController
    @ConditionalOnProperty(name = "corsproof.annotation", havingValue = "none", matchIfMissing = true)
    static class Plain extends Orders {}

    @RestController
    @ConditionalOnProperty(name = "corsproof.annotation", havingValue = "bare")
    @CrossOrigin
    static class Bare extends Orders {}

    @RestController
    @ConditionalOnProperty(name = "corsproof.annotation", havingValue = "full")
    @CrossOrigin(origins = "${corsproof.origin}", allowCredentials = "true", exposedHeaders = "X-Total", maxAge = 600,
        allowedHeaders = {"Content-Type", "Authorization", "X-Request-ID"}, methods = {RequestMethod.GET,
            RequestMethod.PUT, RequestMethod.POST, RequestMethod.PATCH, RequestMethod.DELETE})
    static class Full extends Orders {}

    @RestController
    @ConditionalOnProperty(name = "corsproof.annotation", havingValue = "health-only")
    static class HealthOnly extends Orders {
        @Override
        @GetMapping("/healthz")
        @CrossOrigin(origins = "${corsproof.origin}")
        org.springframework.http.ResponseEntity<String> health() {
            return super.health();
        }
    }
}

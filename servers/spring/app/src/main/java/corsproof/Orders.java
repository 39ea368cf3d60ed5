package corsproof;

import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import jakarta.servlet.http.HttpServletRequest;

/** The orders API (servers/orders describes it). It knows nothing of CORS. */
abstract class Orders {
    private static final String JSON = "application/json; charset=utf-8";

    @RequestMapping(path = "/orders/{id}", method = {RequestMethod.GET, RequestMethod.PUT,
        RequestMethod.POST, RequestMethod.PATCH, RequestMethod.DELETE})
    ResponseEntity<String> order(@PathVariable String id, HttpServletRequest request) {
        return answer(200, "{\"id\":\"" + id + "\",\"method\":\"" + request.getMethod() + "\"}", Map.of("X-Total", "10"));
    }

    @RequestMapping(path = "/status/{code}", method = {RequestMethod.GET, RequestMethod.PUT,
        RequestMethod.POST, RequestMethod.PATCH, RequestMethod.DELETE})
    ResponseEntity<String> status(@PathVariable String code) {
        if (!code.matches("[2-9]\\d\\d")) {
            return answer(400, "{\"error\":\"the status must be a number from 200 to 999\"}", Map.of());
        }
        int status = Integer.parseInt(code);
        if (status == 204 || status == 304) {
            return ResponseEntity.status(status).build();
        }
        return answer(status, "{\"status\":" + status + "}", Map.of());
    }

    @PostMapping("/login")
    ResponseEntity<String> login() {
        return answer(200, "{\"user\":\"ada\"}",
            Map.of("Set-Cookie", "sid=s1; Path=/; HttpOnly; Secure; SameSite=None"));
    }

    @GetMapping("/me")
    ResponseEntity<String> me(@CookieValue(name = "sid", required = false) String sid) {
        if (!"s1".equals(sid)) {
            return answer(401, "{\"error\":\"no session\"}", Map.of());
        }
        return answer(200, "{\"user\":\"ada\"}", Map.of());
    }

    @GetMapping("/healthz")
    ResponseEntity<String> health() {
        return ResponseEntity.ok().header("Content-Type", "text/plain; charset=utf-8").body("ok");
    }

    private static ResponseEntity<String> answer(int status, String body, Map<String, String> headers) {
        var answer = ResponseEntity.status(status).header("Content-Type", JSON);
        headers.forEach(answer::header);
        return answer.body(body);
    }
}

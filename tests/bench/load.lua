-- What wrk sends comes from the environment, what it found is one line: result RATE P50_US P99_US ERRORS
wrk.method = os.getenv("LOAD_METHOD") or "GET"
wrk.body = os.getenv("LOAD_BODY")
if wrk.body then wrk.headers["Content-Type"] = "application/x-www-form-urlencoded" end
wrk.headers["Authorization"] = os.getenv("LOAD_AUTHORIZATION")

function done(summary, latency, requests)
    local e = summary.errors
    print(string.format("result %.1f %d %d %d", summary.requests / summary.duration * 1e6, latency:percentile(50),
        latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end

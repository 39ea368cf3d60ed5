vcl 4.1;
# What every site shares. X-Cache says what a browser can't know.
backend api { .host = "{{.UpstreamHost}}"; .port = "{{.UpstreamPort}}"; }
include "{{.Folder}}/site.vcl";
sub vcl_deliver {
	if (obj.hits > 0) { set resp.http.X-Cache = "HIT"; } else { set resp.http.X-Cache = "MISS"; }
}

using System.Buffers;
using System.Net;
using System.Text;
using Acm.Server.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Answers the HTTP calls of one Nacos generation below its context path, and all requests that no other dialect answers.</summary>
internal sealed class NacosDialect(
    Generation generation,
    string contextPath,
    RouteTable routes,
    IReadOnlyCollection<IPAddress> trustedProxies,
    LoginGuard guard,
    CallLimits limits) : IDialect
{
    /// <summary>The maximum size of a form in Nacos (Tomcat's default); larger if the allowed content needs it.</summary>
    private const int UsualFormBytes = 2 * 1024 * 1024;

    /// <summary>The maximum length of the request line and the headers, as in Tomcat.</summary>
    private const int MaxHeadLength = 8 * 1024;

    private static readonly string[] GetAndHead = ["GET", "HEAD"];

    // A path of only these characters, and without double slashes, needs no further checks.
    private static readonly SearchValues<char> Harmless = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/");

    private readonly long _maxFormBytes = limits.MaxFormBytes(UsualFormBytes);

    public Task<Answer>? TryAnswerAsync(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        int query = target.IndexOf('?', StringComparison.Ordinal);
        string path = query < 0 ? target : target[..query];
        if (!path.StartsWith(contextPath, StringComparison.Ordinal)) return Task.FromResult(ErrorPages.Container(404));
        if (path.Length == contextPath.Length) return Task.FromResult(new Answer { Status = 302, ContentType = "", Headers = [("Location", $"{context.Request.Scheme}://{context.Request.Host}{contextPath}/")] });
        if (path[contextPath.Length] != '/' && contextPath.Length > 0) return Task.FromResult(ErrorPages.Container(404));

        return AnswerAsync(context, path, query < 0 ? "" : target[(query + 1)..]);
    }

    private static bool IsForm(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    private static int HeadLength(IHeaderDictionary headers)
    {
        int length = 0;
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in headers)
        {
            length += name.Length;
            foreach (string? value in values) length += value?.Length ?? 0;
        }

        return length;
    }

    private static string Methods(IReadOnlyList<Route> ofPath, string separator, bool withHead)
    {
        IEnumerable<string> methods = ofPath.Select(route => route.Method).Distinct();
        if (withHead) methods = methods.SelectMany(method => method == "GET" ? GetAndHead : [method]).Append("OPTIONS");
        return string.Join(separator, methods);
    }

    private async Task<Answer> AnswerAsync(HttpContext context, string path, string query)
    {
        HttpRequest request = context.Request;
        if (Refusal(request.Method, path) is { } refused) return refused;
        if (path.Length + query.Length + HeadLength(request.Headers) > MaxHeadLength) return ErrorPages.Container(400);

        if (generation >= Generation.Three)
        {
            context.Response.Headers.CacheControl = "no-cache, no-store, max-age=0, must-revalidate";
            context.Response.Headers.Pragma = "no-cache";
        }

        string below = path[contextPath.Length..];
        if (generation < Generation.Three && below.Length > 1) below = below.TrimEnd('/');

        var parameters = new Parameters();
        parameters.AddEncoded(Encoding.Latin1.GetBytes(query));
        using var body = new RequestBody();
        bool mayHaveBody = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);

        // A form with too many fields is not read either, as in Tomcat. The server does not wait for the rest of the body:
        // Kestrel drains some of it after the response, and closes the connection.
        bool isTooLarge = mayHaveBody && await body.ReadAsync(request, _maxFormBytes, IsForm(request)).ConfigureAwait(false) != BodyOutcome.Read;
        if (mayHaveBody && IsForm(request)) parameters.AddEncoded(body.Bytes);

        var call = new NacosCall(context, generation, path, below, parameters, body.Bytes, trustedProxies) { ReleaseBody = body.Dispose, IsBodyTooLarge = isTooLarge };
        if (routes.OfPath(below) is not { } ofPath) return NoSuchCall(call);
        if (HttpMethods.IsOptions(request.Method)) return Options(call, ofPath);
        if (RouteTable.Choose(ofPath, request.Method, parameters) is not { } route) return MethodNotSupported(call, ofPath);

        call.Route = route;
        try
        {
            if (generation > Generation.One) NameRules.Filter(call, route.Filter);
            if (guard.Refuse(call) is { } denied) return denied;

            // Nacos reports a parameter as missing, which would be misleading.
            if (isTooLarge && IsForm(request)) throw new FaultException(Fault.FormTooLarge, $"the form is too large, over {_maxFormBytes} bytes or {RequestBody.MaxFields} fields");

            limits.Count(call);
            return await route.Handler(call).ConfigureAwait(false);
        }
        catch (FaultException fault)
        {
            return route.ErrorFormat.Answer(call, fault);
        }
    }

    // Requests that Tomcat and Spring's StrictHttpFirewall reject before any route is looked up.
    private Answer? Refusal(string method, string path)
    {
        bool third = generation >= Generation.Three;
        if (method is "TRACE") return third ? new Answer { Status = 400, ContentType = "", Headers = [("Allow", "HEAD, DELETE, POST, GET, OPTIONS, PUT")] } : ErrorPages.Container(405, ("Allow", "HEAD, DELETE, POST, GET, OPTIONS, PUT"));
        if (method is not ("GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "PATCH" or "OPTIONS")) return third ? new Answer { Status = 400, ContentType = "" } : ErrorPages.Container(500);
        if (path.AsSpan().IndexOfAnyExcept(Harmless) < 0 && !path.Contains("//", StringComparison.Ordinal)) return null;
        if (path.Contains("%2F", StringComparison.OrdinalIgnoreCase) || path.Contains("%5C", StringComparison.OrdinalIgnoreCase) || path.Contains('\\', StringComparison.Ordinal)) return ErrorPages.Container(400);

        string[] parts = path.Split('/');
        string? why = null;
        if (path.Contains("//", StringComparison.Ordinal)) why = "The request was rejected because the URL contained a potentially malicious String \"//\"";
        else if (path.Contains(';', StringComparison.Ordinal) || path.Contains("%3B", StringComparison.OrdinalIgnoreCase)) why = "The request was rejected because the URL contained a potentially malicious String \";\"";
        else if (parts.Any(part => part is "." or "..")) why = "The request was rejected because the URL was not normalized.";
        else if (path.Contains("%2E", StringComparison.OrdinalIgnoreCase) || path.Contains("%25", StringComparison.Ordinal) || path.Contains("%00", StringComparison.Ordinal)) why = "The request was rejected because the URL contained a potentially malicious String \"%\"";

        return why is null ? null : ErrorPages.Error(path, third ? 400 : 500, third ? "No message available" : why);
    }

    private Answer NoSuchCall(NacosCall call) => call.Below == "/" ? Console() :
        ErrorPages.Error(call, 404, generation >= Generation.Three ? $"No endpoint {call.Request.Method} {call.Path}." : "No message available");

    // Nacos has its web console here.
    private static Answer Console() => Answer.Text(200, "Acm.Server has no web console.\n");

    private static Answer Options(NacosCall call, IReadOnlyList<Route> ofPath) => new()
    {
        ContentType = ErrorPages.DefaultTypeOf(call.Below) ?? "",
        Headers = [("Allow", Methods(ofPath, ",", withHead: true)), ("Accept-Patch", "")],
    };

    private Answer MethodNotSupported(NacosCall call, IReadOnlyList<Route> ofPath)
    {
        string method = call.Request.Method;
        return generation >= Generation.Three
            ? ErrorPages.Error(call, 405, $"Method '{method}' is not supported.", ("Allow", Methods(ofPath, ", ", withHead: false)))
            : ofPath[0].ErrorFormat.Answer(call, new FaultException(Fault.MethodNotSupported, $"Request method '{method}' not supported"));
    }
}

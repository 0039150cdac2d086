using System.Globalization;
using System.Net;
using System.Text;
using Acm.Server.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The error pages of Tomcat and Spring Boot.</summary>
internal static class ErrorPages
{
    private const string ContainerStyle =
        "body {font-family:Tahoma,Arial,sans-serif;} h1, h2, h3, b {color:white;background-color:#525D76;} h1 {font-size:22px;} h2 {font-size:16px;} h3 {font-size:14px;} p {font-size:12px;} a {color:black;} .line {height:1px;background-color:#525D76;border:none;}";

    private static readonly (string, string)[] English = [("Content-Language", "en")];

    /// <summary>Returns Tomcat's error page.</summary>
    public static Answer Container(int status, params (string, string)[] headers)
    {
        string title = $"HTTP Status {status} – {Reason(status)}";
        return new Answer
        {
            Status = status,
            ContentType = "text/html;charset=utf-8",
            Headers = [.. headers, .. English],
            Body = Encoding.UTF8.GetBytes($"<!doctype html><html lang=\"en\"><head><title>{title}</title><style type=\"text/css\">{ContainerStyle}</style></head><body><h1>{title}</h1></body></html>"),
        };
    }

    /// <summary>Returns Spring Boot's error page: JSON, or HTML if the client accepts it.</summary>
    public static Answer Error(NacosCall call, int status, string message, params (string, string)[] headers) =>
        WantsHtml(call) ? Html(status, message, headers) : Error(call.Path, status, message, DefaultType(call), headers);

    /// <summary>Returns Spring Boot's JSON page for a request whose headers were not read.</summary>
    public static Answer Error(string path, int status, string message, string contentType = "application/json", params (string, string)[] headers) => new()
    {
        Status = status,
        ContentType = contentType,
        Headers = headers,
        Body = NacosJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("timestamp"u8, Timestamp(DateTimeOffset.UtcNow));
            json.WriteNumber("status"u8, status);
            json.WriteString("error"u8, Reason(status));
            json.WriteString("message"u8, message);
            json.WriteString("path"u8, path);
            json.WriteEndObject();
        }),
    };

    public static bool WantsHtml(NacosCall call) => call.Header("Accept").StartsWith("text/html", StringComparison.Ordinal);

    /// <summary>Returns the default content type for responses to a call.</summary>
    public static string DefaultType(NacosCall call) => DefaultTypeOf(call.Below) ?? "application/json";

    /// <summary>Returns the content type that a filter sets for all responses below a path; null without a filter.</summary>
    public static string? DefaultTypeOf(string below) => below.StartsWith("/v1/cs/", StringComparison.Ordinal) ? "application/json;charset=UTF-8" : null;

    /// <summary>Returns a time in the format of Nacos.</summary>
    public static string Timestamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture) + "+00:00";

    private static Answer Html(int status, string message, (string, string)[] headers) => new()
    {
        Status = status,
        ContentType = "text/html;charset=UTF-8",
        Headers = [.. headers, .. English],
        Body = Encoding.UTF8.GetBytes(
            "<html><body><h1>Whitelabel Error Page</h1><p>This application has no explicit mapping for /error, so you are seeing this as a fallback.</p>" +
            $"<div id='created'>{DateTimeOffset.UtcNow.ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture)}</div>" +
            $"<div>There was an unexpected error (type={Reason(status)}, status={status}).</div><div>{WebUtility.HtmlEncode(message)}</div></body></html>"),
    };

    private static string Reason(int status) => ReasonPhrases.GetReasonPhrase(status);
}

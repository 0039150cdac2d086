using Acm.Conformance.Json;

namespace Acm.Conformance.Recordings;

/// <summary>A row of a recording: a request with its response, a push, or a note.</summary>
internal sealed record Row(JsonMap Members)
{
    public string Scenario => Members.Text("scenario") ?? "";

    public string Step => Members.Text("step") ?? "";

    /// <summary>Gets the time of the row in seconds since 1970.</summary>
    public double At => Members.Number("at");

    /// <summary>Gets the milliseconds from the request to the response.</summary>
    public double Elapsed => Members.Number("elapsed_ms");

    public JsonMap? Request => Members.Map("request");

    public JsonMap? Response => Members.Map("response");

    public bool IsNote => Members.Has("note");

    public bool IsException => Members.Has("exception");

    /// <summary>Gets whether the row is a long poll, whose duration is compared.</summary>
    public bool IsPoll => Request is { } request && request.Text("method") == "POST" && request.Text("path")?.EndsWith("/listener", StringComparison.Ordinal) == true;

    public bool IsPush => Step.StartsWith("push-", StringComparison.Ordinal) && Request is null && Response?.Has("type") == true;

    /// <summary>Gets whether the row is compared; rows for clean-up or inspection, and rows without a response, are not.</summary>
    public bool IsIgnored(string family)
    {
        if (IsException) return false;

        return family == "probe"
            || Step is "zz-cleanup" or "probe" or "empty" or "skipped" or "not-there"
            || Step.StartsWith("cleanup-", StringComparison.Ordinal)
            || (Request is not null && Response is null && !IsNote);
    }
}

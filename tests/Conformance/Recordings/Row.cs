using Acm.Conformance.Json;

namespace Acm.Conformance.Recordings;

/// <summary>One row of a recording: a request with its answer, a push, or a note.</summary>
internal sealed record Row(JsonMap Members)
{
    public string Scenario => Members.Text("scenario") ?? "";

    public string Step => Members.Text("step") ?? "";

    /// <summary>When the row was written, in seconds since 1970.</summary>
    public double At => Members.Number("at");

    /// <summary>Milliseconds from the request to the answer.</summary>
    public double Elapsed => Members.Number("elapsed_ms");

    public JsonMap? Request => Members.Map("request");

    public JsonMap? Response => Members.Map("response");

    public bool IsNote => Members.Has("note");

    public bool IsException => Members.Has("exception");

    /// <summary>A long poll, whose time counts.</summary>
    public bool IsPoll => Request is { } request && request.Text("method") == "POST" && request.Text("path")?.EndsWith("/listener", StringComparison.Ordinal) == true;

    public bool IsPush => Step.StartsWith("push-", StringComparison.Ordinal) && Request is null && Response?.Has("type") == true;

    /// <summary>Rows that clean up, look around, or have no answer are not compared.</summary>
    public bool IsIgnored(string family)
    {
        if (IsException) return false;

        return family == "probe"
            || Step is "zz-cleanup" or "probe" or "empty" or "skipped" or "not-there"
            || Step.StartsWith("cleanup-", StringComparison.Ordinal)
            || (Request is not null && Response is null && !IsNote);
    }
}

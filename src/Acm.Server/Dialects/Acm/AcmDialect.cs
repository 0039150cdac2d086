using System.Text;
using Acm.Server.Auth;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Acm;

/// <summary>The diamond-server protocol. It needs no routing framework: it has five paths, which clients write in different ways.</summary>
internal sealed class AcmDialect(
    AddressServer addresses,
    ConfigReads reads,
    ConfigWrites writes,
    NamespaceLists lists,
    BatchReads batches,
    Polls polls,
    Listeners listeners,
    HistoryReads histories,
    SignatureCheck? signatures,
    long maxFormBytes) : IDialect
{
    public Task<Answer>? TryAnswerAsync(HttpContext context)
    {
        string path = Collapse(context.Request.Path.Value ?? "/");
        if (addresses.Find(path, context.Request) is { } answer) return Task.FromResult(answer);

        return path.StartsWith("/diamond-server/", StringComparison.Ordinal) ? AnswerAsync(context, path) : null;
    }

    // Clients send this type or none; a web page's form could be sent as another type.
    private static bool IsForm(HttpRequest request) =>
        string.IsNullOrWhiteSpace(request.ContentType)
        || request.ContentType.Split(';')[0].Trim().Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    private static string Collapse(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal)) path = path.Replace("//", "/", StringComparison.Ordinal);
        return path;
    }

    private async Task<Answer> AnswerAsync(HttpContext context, string path)
    {
        HttpRequest request = context.Request;
        bool isPost = HttpMethods.IsPost(request.Method);
        if (!isPost && !HttpMethods.IsGet(request.Method)) return Answer.MethodNotAllowed;

        var form = new FormFields();
        byte[] query = Encoding.Latin1.GetBytes(request.QueryString.Value?.TrimStart('?') ?? "");
        if (!form.TryAdd(query)) return Answer.BadRequest("malformed query");

        // The method is always in the query, so the size limit is known before the body is read.
        var call = new AcmCall(context, form);
        bool isPoll = isPost && path is "/diamond-server/config.co" or "/diamond-server/config.do" && call.Method.Length == 0;

        // The signed namespace and group may be in the body, but a wrong key or time can be rejected without reading it.
        if (signatures?.HasKeyAndTime(call.Claim) == false) return Answer.Denied;

        using var body = new RequestBody();
        if (isPost)
        {
            if (!IsForm(request)) return Answer.Text(415, "the body must be application/x-www-form-urlencoded\n");

            BodyOutcome outcome = await body.ReadAsync(request, isPoll ? Polls.MaxFormBytes : maxFormBytes).ConfigureAwait(false);
            if (outcome == BodyOutcome.TooManyFields) return Answer.BadRequest("too many fields");
            if (outcome == BodyOutcome.TooLarge) return isPoll ? Answer.BadRequest("probe too large") : writes.TooLarge;
            if (!form.TryAdd(body.Bytes)) return Answer.BadRequest("malformed form");
        }

        return isPoll
            ? await polls.PollAsync(call, body).ConfigureAwait(false)
            : await SignedAsync(path, isPost, call).ConfigureAwait(false);
    }

    private async Task<Answer> SignedAsync(string path, bool isPost, AcmCall call)
    {
        if (signatures?.IsValid(call.Claim, call.Form.Text("tenant"), call.Form.Text("group")) == false) return Answer.Denied;

        string? accessKey = signatures?.AccessKey;
        return (path["/diamond-server/".Length..], call.Method) switch
        {
            ("config.co" or "config.do", "") => reads.Get(call),
            ("config.co" or "config.do", "batchGetConfig") when isPost => batches.Get(call),
            ("admin.do", "batchQuery") when isPost => batches.Query(call),
            ("basestone.do", "getAllConfigByTenant") => lists.List(call),
            ("basestone.do", "getListeners") => listeners.Of(call),
            ("basestone.do", "getHistory") => histories.List(call),
            ("basestone.do", "getHistoryItem") => histories.One(call),
            ("basestone.do", "syncUpdateAll" or "updateAll") when isPost => await writes.PublishAsync(call, accessKey).ConfigureAwait(false),
            ("basestone.do", "syncDeleteAll" or "deleteAll") when isPost => await writes.RemoveAsync(call, accessKey).ConfigureAwait(false),
            ("datum.do", "deleteAllDatums") when isPost => await writes.RemoveAsync(call, accessKey).ConfigureAwait(false),
            ("datum.do", "addDatum" or "deleteDatum" or "batchAddAggrs" or "replaceAggr" or "batchDeleteAggrs") when isPost =>
                Answer.Text(403, call.Form.TextOrBlank("dataId") + " ISNOT aggr\n"),
            ("config.co" or "config.do" or "admin.do" or "basestone.do" or "datum.do", _) => Answer.BadRequest("unknown method"),
            _ => Answer.NoSuchPath,
        };
    }
}

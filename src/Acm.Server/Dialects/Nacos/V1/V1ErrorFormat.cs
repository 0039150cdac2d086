using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>Writes v1 errors as plain text; Nacos 3 writes some as error pages, and rejected writes as a plain <c>false</c>.</summary>
internal sealed class V1ErrorFormat(Generation generation) : IErrorFormat
{
    public Answer Answer(NacosCall call, FaultException fault)
    {
        bool first = generation == Generation.One;
        bool third = generation >= Generation.Three;
        switch (fault.Fault)
        {
            case Fault.IllegalName:
                return Envelope.Filtered(call, fault.Message);
            case Fault.MissingParameter when third:
                return ErrorPages.Error(call, 400, $"Required parameter '{fault.Message}' is not present.");
            case Fault.MissingParameter:
                return Text(call, 500, $"Required request parameter '{fault.Message}' for method parameter type String is not present");
            case Fault.FormTooLarge when third:
                return ErrorPages.Error(call, 400, fault.Message);
            case Fault.RefusedWrite or Fault.TooManyGrays when third:
                return V1Answer.Json(call, "false", 400);
            case Fault.Conflict when third:
                return V1Answer.Json(call, "false", 500);
            case Fault.UploadTooLarge when third:
                return new Answer { Status = 413, ContentType = "" };
            case Fault.BadTag or Fault.BadPage when !first || call.Below.StartsWith("/v1/cs/history", StringComparison.Ordinal) || fault.Fault == Fault.BadTag:
                return Text(call, 400, fault.Message);
            case Fault.FormTooLarge or Fault.MethodNotSupported or Fault.Conflict or Fault.ServerError or Fault.UnsupportedMediaType or Fault.UploadTooLarge or Fault.UnreadableBody:
                return Text(call, 500, fault.Message);
            case Fault.Throttled:
                return Text(call, 503, fault.Message);
            case Fault.AccessDenied:
                return Text(call, 403, fault.Message);
            default:
                return Text(call, first ? 500 : 400, fault.Message);
        }
    }

    /// <summary>Returns a plain-text error, whose content type follows the <c>Accept</c> header.</summary>
    public Answer Text(NacosCall call, int status, string message)
    {
        string text = $"caused: {message};";
        if (generation == Generation.Two) text = System.Net.WebUtility.HtmlEncode(text);

        string accept = call.Header("Accept").Split(',', ';')[0].Trim();
        string type = generation >= Generation.Three ? ErrorPages.DefaultType(call)
            : accept is "text/html" or "application/json" ? accept + ";charset=UTF-8"
            : "text/plain;charset=UTF-8";
        return Http.Answer.Text(status, text, type);
    }
}

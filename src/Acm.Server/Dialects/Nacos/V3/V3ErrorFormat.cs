using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>Writes v3 errors in the envelope, or only the status if the client does not accept JSON.</summary>
internal sealed class V3ErrorFormat : IErrorFormat
{
    public Answer Answer(NacosCall call, FaultException fault)
    {
        if (fault.Fault == Fault.IllegalName) return Envelope.Filtered(call, fault.Message);
        if (fault.Fault == Fault.UploadTooLarge) return new Answer { Status = 413, ContentType = "" };

        (int status, int code, string message) = Kind(fault.Fault);
        if (!TakesJson(call)) return new Answer { Status = status, ContentType = "" };

        return fault.Fault switch
        {
            Fault.MissingParameter => Envelope.Failure(status, code, message, $"Required parameter '{fault.Message}' type String is not present"),

            // Spring's conversion errors replace the message instead of the data.
            Fault.WrongType => Envelope.Failure(status, code, fault.Message, null),
            _ => Envelope.Failure(status, code, message, fault.Message),
        };
    }

    /// <summary>Returns whether the client accepts JSON.</summary>
    public static bool TakesJson(NacosCall call)
    {
        string accept = call.Header("Accept");
        return accept.Length == 0 || accept.Contains("*/*", StringComparison.Ordinal) || accept.Contains("json", StringComparison.OrdinalIgnoreCase) || accept.Contains("application/*", StringComparison.Ordinal);
    }

    private static (int Status, int Code, string Message) Kind(Fault fault) => fault switch
    {
        Fault.UnreadableBody => (400, 10000, "parameter missing"),
        Fault.UnsupportedMediaType => (400, 20003, "MediaType Error"),
        Fault.MethodNotSupported => (400, 20002, "parameter validate error"),
        Fault.WrongType => (500, 30000, "server error"),
        _ => EnvelopeErrorFormat.Code(fault),
    };
}

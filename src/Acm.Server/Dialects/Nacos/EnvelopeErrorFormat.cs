using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Writes errors in the envelope: a status, an error code with its text, and the details.</summary>
internal sealed class EnvelopeErrorFormat(Generation generation) : IErrorFormat
{
    public Answer Answer(NacosCall call, FaultException fault)
    {
        if (fault.Fault == Fault.IllegalName) return Envelope.Filtered(call, fault.Message);

        (int status, int code, string message) = Code(fault.Fault);
        string? data = fault.Fault switch
        {
            Fault.MissingParameter when HttpMethods.IsPost(call.Request.Method) || generation >= Generation.Three => $"Required parameter '{fault.Message}' type String is not present",
            Fault.MissingParameter => $"Required request parameter '{fault.Message}' for method parameter type String is not present",
            Fault.MethodNotSupported => $"caused: {fault.Message};",
            _ => fault.Message,
        };
        if (ErrorPages.WantsHtml(call)) return ErrorPages.Error(call, status, data);

        // These codes have no text of their own; the details take its place.
        return fault.Fault is Fault.WrongType or Fault.MethodNotSupported ? Envelope.Failure(status, code, data, null) : Envelope.Failure(status, code, message, data);
    }

    /// <summary>Returns the HTTP status, the error code and the text of the code.</summary>
    public static (int Status, int Code, string Message) Code(Fault fault) => fault switch
    {
        Fault.MissingParameter or Fault.FormTooLarge => (400, 10000, "parameter missing"),
        Fault.AccessDenied => (403, 10001, "access denied"),
        Fault.Conflict => (500, 20005, "resource conflict"),
        Fault.TooManyGrays => (400, 20010, "config gray version version over max count"),
        Fault.NotFound => (404, 20004, "resource not found"),
        Fault.UnsupportedMediaType => (415, 20003, "MediaType Error"),
        Fault.IllegalNamespace => (400, 22000, "illegal namespace"),
        Fault.NamespaceNotFound => (404, 22001, "namespace not exist"),
        Fault.NamespaceExists => (400, 22002, "namespace already exist"),
        Fault.Throttled => (503, 30000, "server error"),
        Fault.MethodNotSupported => (500, 500, ""),
        Fault.WrongType => (500, 30000, ""),
        Fault.ServerError or Fault.UnreadableBody => (500, 30000, "server error"),
        _ => (400, 20002, "parameter validate error"),
    };
}

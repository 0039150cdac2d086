using System.Text.Json;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>Builds responses: a type, the members that all responses share, and the members of the type.</summary>
internal static class GrpcAnswer
{
    private const string ErrorType = "ErrorResponse";
    private const int Success = 200;
    private const int Failure = 500;

    public static byte[] Succeeded(string type, Action<Utf8JsonWriter>? members = null) => Write(type, Success, 0, message: null, members);

    /// <param name="type">The response type of a success; null for <c>ErrorResponse</c>.</param>
    /// <param name="fault">The error.</param>
    /// <param name="members">Writes the members that this type has even in a failure.</param>
    public static byte[] Failed(string? type, GrpcFault fault, Action<Utf8JsonWriter>? members = null) =>
        type is null || fault.IsUntyped ? Write(ErrorType, Failure, fault.Code, fault.Message, members: null) : Write(type, Failure, fault.Code, fault.Message, members);

    private static byte[] Write(string type, int result, int code, string? message, Action<Utf8JsonWriter>? members)
    {
        ReadOnlyMemory<byte> body = NacosJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("resultCode"u8, result);
            json.WriteNumber("errorCode"u8, code);
            if (message is not null) json.WriteString("message"u8, message);
            members?.Invoke(json);
            json.WriteBoolean("success"u8, result == Success);
            json.WriteEndObject();
        });
        return Payload.Frame(type, body.Span, clientIp: "");
    }
}

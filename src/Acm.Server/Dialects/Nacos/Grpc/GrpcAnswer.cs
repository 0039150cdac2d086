using System.Text.Json;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>The answers to requests: a type, and the members that all of them have.</summary>
internal static class GrpcAnswer
{
    private const string ErrorType = "ErrorResponse";
    private const int Success = 200;
    private const int Failure = 500;

    public static byte[] Succeeded(string type, Action<Utf8JsonWriter>? members = null) => Write(type, Success, 0, message: null, members);

    /// <param name="type">The type of the answer that a success would have.</param>
    /// <param name="fault">What is wrong.</param>
    /// <param name="members">What answers of the type have in any case.</param>
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

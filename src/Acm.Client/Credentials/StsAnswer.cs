using System.Text.Json;
using Acm.Client.CloudApi;
using Acm.Client.Text;

namespace Acm.Client.Credentials;

/// <summary>What STS answers to both operations.</summary>
internal static class StsAnswer
{
    public static AcmCredential Read(RpcAnswer answer, string action, TimeProvider clock) =>
        JsonText.TryGet(answer.Root, "Credentials", out JsonElement credentials) && credentials.ValueKind == JsonValueKind.Object
            ? CredentialJson.Read(credentials, answer.Date, clock, $"STS's answer to {action}")
            : throw answer.Lacks("Credentials");
}

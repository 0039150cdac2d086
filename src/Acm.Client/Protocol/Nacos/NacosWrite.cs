using System.Text.Json;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Reads the answers to writes. "True" is an answer and no proof, and a refused condition has several faces (protocol reference, 2.2).</summary>
internal static class NacosWrite
{
    private const int Refused = 20005;

    /// <summary>Whether it was taken; false where its condition was refused.</summary>
    public static bool IsTaken(WireResponse response, bool isV3, string @namespace, ConfigKey key, string what, bool hasCondition)
    {
        var answer = NacosAnswer.Of(response);
        if (response.Status == 200 && (isV3 ? answer is { Code: 0, Data: { ValueKind: JsonValueKind.True } } : answer.Text == "true")) return true;

        bool isConflict = answer.Code == Refused
            || answer.Text.IndexOf("Cas publish fail", StringComparison.OrdinalIgnoreCase) >= 0

            // The third generation loses the words of its old calls.
            || (!isV3 && response.Status == 500 && answer.Text == "false");
        if (hasCondition && isConflict) return false;

        throw NacosErrors.For(response, @namespace, what, key);
    }
}

using System.Text.Json;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Reads responses to writes. "True" does not prove success, and versions report a failed precondition in different ways.</summary>
internal static class NacosWrite
{
    private const int Refused = 20005;

    /// <summary>Returns true if the write was accepted, and false if its precondition failed.</summary>
    public static bool IsTaken(WireResponse response, bool isV3, string @namespace, ConfigKey key, string what, bool hasCondition)
    {
        var answer = NacosAnswer.Of(response);
        if (response.Status == 200 && (isV3 ? answer is { Code: 0, Data: { ValueKind: JsonValueKind.True } } : answer.Text == "true")) return true;

        bool isConflict = answer.Code == Refused
            || answer.Text.IndexOf("Cas publish fail", StringComparison.OrdinalIgnoreCase) >= 0

            // The v1 calls of 3.x lose the error text.
            || (!isV3 && response.Status == 500 && answer.Text == "false");
        if (hasCondition && isConflict) return false;

        throw NacosErrors.For(response, @namespace, what, key);
    }
}

using System.Text.Json;

namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>The result of an import or clone.</summary>
internal sealed class TransferCounts
{
    public int Succeeded { get; set; }

    /// <summary>Gets the item at which the operation was aborted.</summary>
    public List<TransferItem> Failed { get; } = [];

    public List<TransferItem> Skipped { get; } = [];

    /// <summary>Gets the entries and metadata rows without a counterpart.</summary>
    public List<string> Unrecognized { get; } = [];

    /// <summary>Writes the result. Nacos 1 reports no skipped items after an abort.</summary>
    public void Write(Utf8JsonWriter json, Generation generation)
    {
        json.WriteStartObject();
        json.WriteNumber("succCount"u8, Succeeded);
        json.WriteNumber("skipCount"u8, Failed.Count > 0 && generation == Generation.One ? 0 : Skipped.Count);
        WriteItems(json, "failData", Failed);
        WriteItems(json, "skipData", Skipped);
        if (Unrecognized.Count > 0)
        {
            json.WriteNumber("unrecognizedCount"u8, Unrecognized.Count);
            json.WriteStartArray("unrecognizedData"u8);
            foreach (string name in Unrecognized)
            {
                json.WriteStartObject();
                json.WriteString("itemName"u8, name);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteItems(Utf8JsonWriter json, string name, List<TransferItem> items)
    {
        if (items.Count == 0) return;

        json.WriteStartArray(name);
        foreach (TransferItem item in items)
        {
            json.WriteStartObject();
            json.WriteString("dataId"u8, item.DataId);
            json.WriteString("group"u8, item.Group);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

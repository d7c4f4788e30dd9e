namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>The hub's database as an operator's console sees it. The rows are the truth that the pages must tell.</summary>
internal interface IRows
{
    /// <summary>The delivery to this relying party for the session that ended.</summary>
    Task<DeliveryRow> DeliveryAsync(string sid, string clientId);
}
